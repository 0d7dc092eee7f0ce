import Glibc
import Testing

extension Trait where Self == ConditionTrait {
    /// Kinds of links that not every kernel has: bond, dummy, ipvlan, VLAN, vrf. The run in the virtual machine has
    /// them and says so.
    static var fullKernel: Self {
        .enabled(
            if: getenv("SPIDERPOOL_TEST_KERNEL").map { String(cString: $0) } == "full",
            "needs a kernel with bond, dummy, ipvlan, 802.1Q and vrf: SPIDERPOOL_TEST_KERNEL=full")
    }
}
