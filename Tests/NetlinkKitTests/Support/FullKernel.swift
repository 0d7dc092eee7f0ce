import Glibc
import Testing

extension Trait where Self == ConditionTrait {
    /// For suites that need Debian's stock kernel: bond, dummy, ipvlan, 802.1Q, vrf, RDMA. Their names end in
    /// `OnFullKernel`: by that `make test` finds them, and runs them in a virtual machine.
    static var onFullKernel: Self {
        .enabled("needs the full kernel") {
            getenv("SPIDERPOOL_TEST_KERNEL").map { String(cString: $0) } == "full"
        }
    }
}
