internal import ClusterBlocks
internal import IPAMCore
internal import JSONTree
internal import KubeClient
internal import PoolModel

/// Makes the calls that ``ClusterBlocks`` asks for.
struct BlockClient: Sendable {
    static let definition = ResourceDefinition(
        group: ResourceKind.group, version: "v2beta1", kind: SpiderIPBlock.kind.name,
        plural: SpiderIPBlock.kind.plural, isNamespaced: false)

    private let objects: ResourceClient<RawObject>
    private let metadata: ResourceClient<PartialObject>

    init(_ client: KubeClient) {
        objects = client.resource(Self.definition)
        metadata = client.metadata(of: Self.definition)
    }

    /// Makes calls at the same time.
    ///
    /// - Returns: what came of each, in their order, and why one of them has to be made again, if one has.
    func perform(
        _ calls: [BlockCall], deadline: MonotonicInstant
    ) async -> (results: [BlockCallResult], problem: KubeError?) {
        if calls.count == 1 {
            let outcome = await outcome(of: calls[0], 0, deadline)
            return ([outcome.result], outcome.problem)
        }
        let outcomes = await withTaskGroup(of: Outcome.self, returning: [Outcome].self) { group in
            for (index, call) in calls.enumerated() { group.addTask { await outcome(of: call, index, deadline) } }
            var outcomes: [Outcome] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        let results = outcomes.sorted { $0.index < $1.index }.map(\.result)
        return (results, outcomes.lazy.compactMap(\.problem).first)
    }

    /// What came of one of several calls.
    private struct Outcome: Sendable {
        let index: Int
        let result: BlockCallResult
        let problem: KubeError?
    }

    private func outcome(of call: BlockCall, _ index: Int, _ deadline: MonotonicInstant) async -> Outcome {
        do throws(KubeError) {
            let result = try await perform(call, deadline)
            return Outcome(index: index, result: result, problem: nil)
        } catch {
            return Outcome(index: index, result: .unknown, problem: error)
        }
    }

    private func perform(_ call: BlockCall, _ deadline: MonotonicInstant) async throws(KubeError) -> BlockCallResult {
        switch call {
        case .read(let key):
            guard let raw = try await objects.find(SpiderIPBlock.name(of: key), deadline: deadline) else {
                return .absent
            }
            switch Self.read(raw) {
            case .success(let object): return .found(object)
            case .failure(let error): return .unreadable(error)
            }
        case .survey(let area, let isConsistent):
            let query = ListQuery(
                labels: "\(BlockLabels.areaKey)=\(area.label)", limit: isConsistent ? 500 : 0,
                resourceVersion: isConsistent ? nil : "0")
            let list = try await metadata.list(query, deadline: deadline)
            let summaries = list.items.compactMap {
                BlockSummary(
                    name: $0.metadata.name, annotations: $0.metadata.annotations,
                    resourceVersion: $0.metadata.resourceVersion)
            }
            return .summaries(summaries, resourceVersion: UInt64(list.resourceVersion) ?? 0)
        case .create(let object):
            return try await writing { () async throws(KubeError) in
                try await objects.create(RawObject(tree: object.tree), deadline: deadline)
            }
        case .update(let object, let write):
            return try await writing { () async throws(KubeError) in
                try await objects.patch(object.name, .jsonDocument(object.patch(ifWrite: write)), deadline: deadline)
            }
        case .delete(let key, let uid, let version):
            do throws(KubeError) {
                try await objects.delete(
                    SpiderIPBlock.name(of: key), Preconditions(uid: uid, resourceVersion: String(version)),
                    deadline: deadline)
                return .deleted
            } catch {
                if error.code == .notFound { return .deleted }
                if error.code == .conflict { return .conflict(error.description) }
                throw error
            }
        }
    }

    private func writing(
        _ body: () async throws(KubeError) -> RawObject
    ) async throws(KubeError) -> BlockCallResult {
        do throws(KubeError) {
            let metadata = try await body().metadata
            return .written(
                uid: metadata.uid ?? "", resourceVersion: metadata.resourceVersion.flatMap { UInt64($0) } ?? 0)
        } catch {
            let answers: [KubeError.Code] = [.alreadyExists, .conflict, .invalid, .notFound, .badRequest, .tooLarge]
            if answers.contains(error.code) { return .conflict(error.description) }
            throw error
        }
    }

    // MARK: The own blocks

    /// The objects of a node as they are now.
    func list(_ label: String) async throws(KubeError) -> (objects: [RawObject], version: String) {
        let list = try await objects.list(ListQuery(labels: "\(BlockLabels.nodeKey)=\(label)"))
        return (list.items, list.resourceVersion)
    }

    /// What happens to them from then on.
    func watch(_ label: String, from version: String) -> ResourceWatch<RawObject> {
        objects.watch(
            ListQuery(labels: "\(BlockLabels.nodeKey)=\(label)"), from: version, endsWhenInterrupted: true)
    }

    static func read(_ raw: RawObject) -> Result<BlockObject, InvalidResource> {
        do throws(InvalidResource) {
            return .success(try BlockObject(tree: raw.json))
        } catch {
            return .failure(error)
        }
    }
}

extension RawObject {
    fileprivate init(tree: JSONValue) throws(KubeError) {
        do throws(JSONFieldError) { self = try RawObject(json: tree) } catch {
            preconditionFailure("an object that we make has a name: \(error)")
        }
    }
}
