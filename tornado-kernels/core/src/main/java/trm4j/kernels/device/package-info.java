/**
 * Programs and schedules of operations, and the devices that run them. {@link trm4j.kernels.device.Devices} finds
 * devices by their names; who has one of their own puts a {@link trm4j.kernels.device.DeviceProvider} on the class path.
 */
package trm4j.kernels.device;
