package trm4j.kernels.tornado;

import trm4j.kernels.Device;
import trm4j.kernels.Devices;
import trm4j.kernels.cases.DeviceContract;

class TornadoVmDeviceTest extends DeviceContract {

    @Override
    protected Device device() {
        return Devices.named("tornado");
    }
}
