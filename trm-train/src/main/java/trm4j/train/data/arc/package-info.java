/**
 * Tasks of the Abstraction and Reasoning Corpus: their files, augmented copies, tokens, and data sets of them. All
 * follow the authors' {@code build_arc_dataset.py}, so that names of copies mean the same.
 */
package trm4j.train.data.arc;
