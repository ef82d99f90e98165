/**
 * Sudokus of 4 x 4, 6 x 6 and 9 x 9 cells: their rules and tokens, a solver, a generator, symmetries, and data sets of
 * them. {@link trm4j.train.data.sudoku.SudokuDataset} makes these, of a {@link trm4j.train.data.sudoku.SudokuSource}.
 */
package trm4j.train.data.sudoku;
