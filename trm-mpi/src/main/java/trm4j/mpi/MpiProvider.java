package trm4j.mpi;

import java.util.Optional;
import trm4j.model.ranks.Invitation;
import trm4j.model.ranks.RanksProvider;

/** Sees by the environment whether {@code mpirun} or {@code srun} started this process among others. */
public final class MpiProvider implements RanksProvider {

    @Override
    public Optional<Invitation> invitation() {
        return Launch.of(System::getenv).filter(launch -> launch.size() > 1).map(launch -> launch);
    }
}
