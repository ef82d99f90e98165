/**
 * Arrays as operations see them: buffers, which live on a device, and tensors, which are parts of buffers in a shape.
 * What goes wrong for a user is a {@link trm4j.kernels.UserException}, here too.
 */
package trm4j.kernels;
