/**
 * Files as they are read and written: safetensors, and any other that must be whole or not there at all. Nothing here
 * knows what a model is.
 */
package trm4j.model.file;
