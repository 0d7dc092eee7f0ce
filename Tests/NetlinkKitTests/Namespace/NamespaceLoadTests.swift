import Glibc
import NetlinkAsync
import NetlinkKit
import SystemPackage
import Testing

/// Hundreds of tasks in several namespaces, some that block and some that suspend: everybody is always where they should be.
@Suite
struct NamespaceLoadTests {
    actor Elsewhere {
        func visit() -> String { Scratch.currentNamespace() }
    }

    struct Counts: Equatable {
        var looks = 0
        var wrong = 0

        mutating func look(_ expected: String) {
            looks += 1
            if Scratch.currentNamespace() != expected { wrong += 1 }
        }

        static func + (left: Self, right: Self) -> Self {
            Self(looks: left.looks + right.looks, wrong: left.wrong + right.wrong)
        }
    }

    static let rounds = 20

    @Test
    func nobodyIsEverInTheWrongNamespace() async throws {
        let home = Scratch.currentNamespace()
        let names = (0..<4).map { _ in Scratch.name() }
        defer { for name in names { _ = try? NetworkNamespace.remove(named: name) } }
        let places = try names.map { name in
            let namespace = try NetworkNamespace.create(named: name)
            return (name, try namespace.identity.description, try NamespaceThread(in: namespace))
        }
        let elsewhere = Elsewhere()
        let total = try await withThrowingTaskGroup(of: Counts.self) { group in
            for number in 0..<400 {
                let (name, expected, thread) = places[number % places.count]
                switch number / 4 % 4 {
                case 0: group.addTask { await suspending(in: thread, expected, elsewhere) }
                case 1: group.addTask { await blocking(in: thread, expected, home) }
                case 2: group.addTask { try await onThreadsOfTheirOwn(in: name, expected, home) }
                default: group.addTask { await atHome(home, elsewhere) }
                }
            }
            return try await group.reduce(Counts(), +)
        }
        #expect(total.wrong == 0)
        #expect(total.looks > 400 * Self.rounds)
        // Every thread that is left is at home, apart from those of the actors here and in tests beside this one.
        #expect(Scratch.currentNamespace() == home)
    }

    /// Is inside, and goes elsewhere in between.
    private func suspending(in thread: NamespaceThread, _ expected: String, _ elsewhere: Elsewhere) async -> Counts {
        await thread.perform { _ in
            var counts = Counts()
            for round in 0..<Self.rounds {
                counts.look(expected)
                if round % 2 == 0 { await Task.yield() } else { _ = await elsewhere.visit() }
                counts.look(expected)
            }
            return counts
        }
    }

    /// Goes in and out, and blocks while it is inside.
    private func blocking(in thread: NamespaceThread, _ expected: String, _ home: String) async -> Counts {
        var counts = Counts()
        for _ in 0..<Self.rounds {
            counts.look(home)
            counts =
                await counts
                + thread.perform { _ in
                    var counts = Counts()
                    counts.look(expected)
                    poll(nil, 0, 1)
                    counts.look(expected)
                    return counts
                }
            counts.look(home)
        }
        return counts
    }

    /// Blocks its own thread while another one is inside.
    private func onThreadsOfTheirOwn(in name: String, _ expected: String, _ home: String) async throws -> Counts {
        var counts = Counts()
        for _ in 0..<Self.rounds {
            counts =
                try counts
                + NetworkNamespace(named: name).perform { () throws(NetlinkError) in
                    var counts = Counts()
                    counts.look(expected)
                    return counts
                }
            counts.look(home)
            await Task.yield()
            counts.look(home)
        }
        return counts
    }

    /// Has nothing to do with any of it.
    private func atHome(_ home: String, _ elsewhere: Elsewhere) async -> Counts {
        var counts = Counts()
        for _ in 0..<Self.rounds {
            counts.look(home)
            let visited = await elsewhere.visit()
            if visited != home { counts.wrong += 1 }
            counts.look(home)
        }
        return counts
    }
}
