package trm4j.model.torch;

import static trm4j.kernels.UserException.shown;

import java.nio.file.Path;
import trm4j.model.file.CheckpointException;

/** Says what is wrong with a file of {@code torch.save}: makes the exceptions of all that read it. */
record TorchFileErrors(Path file) {

    /** Returns the exception for a file that has something else than it should. */
    CheckpointException expected(String expected, Object found) {
        return new CheckpointException(file + " is not a whole file of torch.save: expected " + expected + ", found "
                + found + "; it may be damaged, copy or download it again.");
    }

    /** Refuses the file unless a condition holds. */
    void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw expected(expected, found);
        }
    }

    /** Returns the exception for a Python object that is left alone, since making it could run any code. */
    CheckpointException refused(String name) {
        return new CheckpointException(file + " has a Python object " + shown(name) + ", expected tensors, "
                + "dictionaries, lists, numbers and text only: nothing else is loaded, since it could run any code; "
                + "save model.state_dict() alone with torch.save.");
    }
}
