import Glibc
import JSONTree
import Testing

/// The plugin on the kernel of this machine: what it refuses before it asks the kernel for a bond or a VLAN, and what it does
/// without one.
@Suite struct InterfaceTests {
    static let cards = """
        for n in 1 2; do ip link add ens$n type veth peer name wire$n; ip link set ens$n up; ip link set wire$n up; done
        """

    let node: InterfaceNode

    init() throws { node = try InterfaceNode(Self.cards) }

    struct Mistake: CustomTestStringConvertible {
        let keys: String
        let refusal: String

        init(_ keys: String, _ refusal: String) {
            self.keys = keys
            self.refusal = refusal
        }

        var testDescription: String { keys }

        static let two = #""interfaces": ["ens1", "ens2"]"#

        static let all = [
            Mistake("", "7 interfaces have at least one interface; interfaces: "),
            Mistake(#""interfaces": "ens1""#, "7 invalid network config; interfaces: expected an array, got string"),
            Mistake(#""interfaces": [7]"#, "7 invalid network config; interfaces[0]: expected a string, got number 7"),
            Mistake(#""Interfaces": ["ens 1"]"#, "7 invalid interface name; interfaces[0]: "),
            Mistake(
                #""interfaces": ["ens1"], "vlanID": "100""#, "7 invalid network config; vlanID: expected an integer"),
            Mistake(
                #""interfaces": ["ens1"], "VLANID": 4095"#, "7 vlan tag must be in range [0,4094]; vlanID: got 4095"),
            Mistake(#""interfaces": ["ens1"], "mtu": "9000""#, "7 invalid network config; mtu: expected an integer"),
            Mistake(#""interfaces": ["ens1"], "mtu": 9000"#, "104 mtu differs; mtu: ens1 has 1500"),
            Mistake(
                #""interfaces": ["ens1"], "allowDuplicateVLANID": 1"#,
                "7 invalid network config; allowDuplicateVLANID: "),
            Mistake(
                #""interfaces": ["ens1"], "logOptions": {"logLevel": "loud"}"#,
                "7 invalid network config; logOptions.logLevel: "),
            Mistake(#""interfaces": ["ens1"], "bond": "bond0""#, "7 invalid network config; bond: expected an object"),
            Mistake(
                #""interfaces": ["verylongname12"], "vlanID": 100"#,
                #"7 name of the VLAN interface too long; vlanID: "verylongname12.100" has 18"#),
            Mistake(two, "7 bond is required with several interfaces; bond: missing"),
            Mistake(two + #", "bond": {"name": 5}"#, "7 invalid network config; bond.name: expected a string"),
            Mistake(two + #", "bond": {"name": "ens1"}"#, "7 bond named as one of its members; bond.name: ens1"),
            Mistake(two + #", "bond": {"name": "abcdefghijklmnop"}"#, "7 invalid bond name; bond.name: "),
            Mistake(
                two + #", "bond": {"mode": 7}"#, "7 unknown bond mode: 7, available mode: [0,6]; bond.mode: expected 0"),
            Mistake(
                two + #", "bond": {"mode": true}"#,
                "7 invalid network config; bond.mode: expected a mode's number or name"),
            Mistake(
                two + #", "bond": {"options": ["miimon=100"]}"#,
                "7 invalid network config; bond.options: expected a string"),
            Mistake(
                two + #", "bond": {"options": "bogus=1"}"#,
                "2 unknown bond option: bogus; bond.options: bogus=1: known are"),
            Mistake(
                two + #", "bond": {"options": "lacp_rate=1"}"#,
                "7 bond option does not fit the mode; bond.options: lacp_rate=1"),
            Mistake(
                two + #", "bond": {"force": "yes"}"#, "7 invalid network config; bond.force: expected true or false"),
            Mistake(two + #", "bond": {"existing": "keep"}"#, "7 unknown value of bond.existing; bond.existing: "),
            Mistake(
                #""interfaces": ["ens1", "lo"], "bond": {}"#,
                "104 lo cannot be a member of a bond; interfaces[1]: lo is the"),
            Mistake(
                #""interfaces": ["ens1", "ens9"], "bond": {}"#,
                "104 Link not found: ens9; interfaces[1]: there is no ens9"),
            Mistake(
                #""interfaces": ["ens9"], "vlanID": 5"#, "104 Link not found: ens9; interfaces[0]: there is no ens9"),
            Mistake(#""interfaces": ["ens9"]"#, "104 Link not found: ens9; interfaces[0]: there is no ens9"),
            Mistake(
                two + #", "bond": {"name": "wire1"}"#,
                "104 a non-bond type interface named wire1 already exists on the host"),
        ]
    }

    @Test(arguments: Mistake.all) func eachMistakeIsRefusedAndNothingChanged(_ mistake: Mistake) throws {
        let refusal = try node.refusal(mistake.keys)
        #expect(refusal.hasPrefix(mistake.refusal), "\(refusal)")
    }

    @Test func interfacesThatOthersNeedAreRefused() throws {
        let keys = Mistake.two + #", "bond": {"name": "bond0"}"#
        for (setup, cleaning, words) in [
            (
                "ip link add br0 type bridge; ip link set ens2 master br0", "ip link delete br0",
                "ens2 is in bridge br0 already"
            ),
            ("ip link add mv0 link ens2 type macvlan", "ip link delete mv0", "mv0 is on it, a macvlan interface"),
            (
                "ip address add 10.1.1.1/24 dev ens2", "ip address delete 10.1.1.1/24 dev ens2",
                "ens2 has the address 10.1.1.1/24, which"
            ),
            (
                "ip address add 2001:db8::1/64 dev ens2", "ip address flush dev ens2",
                "ens2 has the address 2001:db8::1/64"
            ),
            ("ip route add 10.9.0.0/16 dev ens2", "ip route delete 10.9.0.0/16", "ens2 has the route 10.9.0.0/16"),
        ] {
            try node.shell(setup)
            let refusal = try node.refusal(keys)
            #expect(refusal.hasPrefix("104 ens2 ") && refusal.contains(words), "\(refusal)")
            try node.shell(cleaning)
        }
    }

    @Test func oneInterfaceIsOnlyVerified() throws {
        let before = try node.picture()
        for keys in [
            #""interfaces": ["ens1"]"#, #""interfaces": ["ens1"], "vlanID": 0, "mtu": 1500"#,
            #""interfaces": ["ens1"], "unknown": {"key": []}"#,
        ] {
            let outcome = try node.run("ADD", keys, version: "0.3.1")
            #expect(outcome.output == "{\"cniVersion\":\"0.3.1\"}\n")
            #expect(outcome.diagnostics == "")
        }
        let bond = try node.run("ADD", #""interfaces": ["ens1"], "bond": {"mode": 99}"#)
        #expect(bond.status == 0)
        #expect(bond.diagnostics == "ifacer: bond is ignored: there is only one interface, ens1\n")
        #expect(try node.picture() == before)
    }

    @Test func theResultOfPluginsBeforeIsPassedOn() throws {
        let result =
            #"{"cniVersion":"1.1.0","interfaces":[{"name":"eth0","mac":"0a:1b:ac:16:04:0a","mtu":1400,"sandbox":"/p","x":1}],"ips":[{"address":"10.6.0.2/16","interface":0}],"routes":[{"dst":"10.0.0.0/8","table":7}],"more":{"a":[null]}}"#
        let outcome = try node.run("ADD", #""interfaces": ["ens1"], "prevResult": \#(result)"#, version: "1.1.0")
        #expect(try JSONValue(parsing: outcome.output) == JSONValue(parsing: result))
        let check = try node.run("CHECK", #""interfaces": ["ens1"], "prevResult": \#(result)"#, version: "1.1.0")
        #expect(check.status == 0 && check.output == "")
    }

    @Test func deletingLeavesEverythingWhateverTheConfiguration() throws {
        let before = try node.picture()
        for keys in ["", #""interfaces": ["ens1"], "vlanID": 9999"#, Mistake.two + #", "bond": {"options": "bogus"}"#] {
            for _ in 0..<2 {
                let outcome = try node.run("DEL", keys)
                #expect(outcome.status == 0 && outcome.output == "", "\(outcome.refusal)")
            }
        }
        #expect(try node.picture() == before)
    }

    /// Both kinds of kernel: with the modules, and without.
    @Test func statusTellsWhatIsMissing() throws {
        for (kind, keys) in [("vlan", #", "vlanID": 7"#), ("bond", "")] {
            let options = kind == "vlan" ? "link ens1 name probe type vlan id 7" : "probe type bond"
            let isKnown =
                try node.start(["ip", "link", "add"] + options.split(separator: " ").map(String.init)).wait().status
                == 0
            if isKnown { try node.shell("ip link delete probe") }
            let interfaces = kind == "vlan" ? #""interfaces": ["ens1"]"# : Mistake.two + #", "bond": {}"#
            let before = try node.picture()
            let status = try node.run("STATUS", interfaces + keys, version: "1.1.0")
            #expect(status.status == (isKnown ? 0 : 1))
            if !isKnown {
                #expect(status.refusal.hasPrefix("50 this kernel knows no \(kind) interfaces; load its module"))
                let added = try node.refusal(interfaces + keys)
                #expect(added.hasPrefix("103 the kernel refused to make "), "\(added)")
                #expect(added.contains("this kernel knows no such device: load its module"), "\(added)")
            }
            #expect(try node.picture() == before)
        }
        let missing = try node.run("STATUS", #""interfaces": ["ens1", "ens9"], "bond": {}"#, version: "1.1.0")
        #expect(missing.refusal.hasPrefix("50 Link not found: ens9; interfaces[1]"), "\(missing.refusal)")
    }

    @Test func anotherProcessThatHasTheLockIsWaitedFor() throws {
        let lock = "/var/run/spidernet/ifacer.lock"
        let (ready, end) = (node.folder.path("ready"), node.folder.path("end"))
        try node.shell("mkdir -p /var/run/spidernet; mkfifo \(ready) \(end)")
        let holder = try node.start(["flock", lock, "sh", "-c", "echo >\(ready); read word <\(end)"])
        try node.shell("read word <\(ready)")
        // What has nothing to do needs no lock.
        try node.add(#""interfaces": ["ens1"]"#)
        let waiting = try node.begin("ADD", Mistake.two + #", "bond": {"name": "wire1"}"#)
        try node.shell("until ls -l /proc/\(waiting.process)/fd | grep -q ifacer.lock; do :; done")
        var status: Int32 = 0
        #expect(waitpid(waiting.process, &status, WNOHANG) == 0, "it cannot end before the other")
        try node.shell("echo >\(end)")
        #expect(holder.wait().status == 0)
        #expect(waiting.wait().refusal.hasPrefix("104 a non-bond type interface"))
    }
}
