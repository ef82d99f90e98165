package trm4j.model.torch;

import static trm4j.kernels.UserException.shown;

import java.nio.file.Path;
import trm4j.model.file.CheckpointException;

/** What a file is told to be when it is not what it should be. */
record Damage(Path file) {

    CheckpointException expected(String expected, Object found) {
        return new CheckpointException(file + " is not a whole file of torch.save: expected " + expected + ", found "
                + found + "; it may be damaged, copy or download it again.");
    }

    void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw expected(expected, found);
        }
    }

    /** Objects that are left alone, since making them could run any code. */
    CheckpointException refused(String name) {
        return new CheckpointException(file + " has a Python object " + shown(name) + ", expected tensors, "
                + "dictionaries, lists, numbers and text only: nothing else is loaded, since it could run any code; "
                + "save model.state_dict() alone with torch.save.");
    }
}
