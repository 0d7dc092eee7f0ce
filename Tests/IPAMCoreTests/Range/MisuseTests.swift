import IPAMCore
import Testing

/// What only a mistake in the calling program can cause stops it.
@Suite struct MisuseTests {
    @Test func descendingRangeTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = AddressRange(.v4(IPv4Address(10, 0, 0, 2)), .v4(IPv4Address(10, 0, 0, 1)))
        }
    }

    @Test func rangeOfTwoFamiliesTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = AddressRange(.v4(.unspecified), .v6(.loopback))
        }
    }

    @Test func rankOfTheCountTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = AddressSet(AddressRange(.v4(IPv4Address(10, 0, 0, 1)), .v4(IPv4Address(10, 0, 0, 2)))).address(at: 2)
        }
    }

    @Test func rankOfALargeCountTraps() async {
        await #expect(processExitsWith: .failure) {
            let allButOne = AddressRange(.lowest(of: .ipv6), .v6(IPv6Address(bits: .max - 1)))
            _ = AddressSet(allButOne).address(at: .max)
        }
    }

    @Test func rankInTheEmptySetTraps() async {
        await #expect(processExitsWith: .failure) { _ = AddressSet.empty.address(at: 0) }
    }

    @Test func groupOutsideTheAddressTraps() async {
        await #expect(processExitsWith: .failure) { _ = IPv6Address.loopback.group(8) }
        await #expect(processExitsWith: .failure) { _ = IPv6Address.loopback.group(-1) }
    }

    @Test func whatIsLegalDoesNotTrap() async {
        await #expect(processExitsWith: .success) {
            _ = AddressRange(.v4(.unspecified), .v4(.broadcast))
            _ = AddressSet(CIDR.everything(in: .ipv6)).address(at: .max)
            _ = IPv6Address.loopback.group(7)
        }
    }
}
