/** The page of {@code trm play}, on which one watches a model think, and the same for programs. */
package trm4j.cli.play;
