package trm4j.model.ranks;

import java.util.Optional;

/**
 * Sees whether this process was started among others. {@link Ranks#invitation} asks every provider that is named in
 * {@code META-INF/services/trm4j.model.ranks.RanksProvider} on the class path.
 */
public interface RanksProvider {

    /** Returns what this process was started among, nothing if it was started alone. */
    Optional<Invitation> invitation();
}
