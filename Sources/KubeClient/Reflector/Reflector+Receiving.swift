internal import IPAMCore
internal import Synchronization

extension Reflector {
    /// Takes what a list brought: what is not in it is gone.
    func replace(_ values: [ObjectKey: Value]) {
        let waiting = state.withLock { state in
            for key in state.table.values.keys where values[key] == nil { Self.set(&state, key, nil) }
            for (key, value) in values { Self.set(&state, key, value) }
            state.isComplete = true
            state.lastHeard = source.time.now
            state.lastError = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        for wake in waiting { wake.yield() }
    }

    /// Takes what a watch said of one object.
    func receive(_ key: ObjectKey, _ value: Value?) {
        state.withLock { state in
            Self.set(&state, key, value)
            state.lastHeard = source.time.now
            state.lastError = nil
        }
    }

    /// Takes that the server is there.
    func heard() { state.withLock { $0.lastHeard = source.time.now } }

    /// Takes that something failed.
    func failed(_ error: KubeError) { state.withLock { $0.lastError = error } }

    private static func set(_ state: inout State, _ key: ObjectKey, _ value: Value?) {
        guard let old = state.table.set(key, value) else { return }
        for entry in state.subscriptions { entry.subscription?.note(key, was: old) }
    }
}
