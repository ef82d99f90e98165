/**
 * NumPy's {@code .npy} files, read by mapping them into memory and written row by row. Only arrays of integers in
 * little-endian C order are known, which are all that data sets have.
 */
package trm4j.train.data.npy;
