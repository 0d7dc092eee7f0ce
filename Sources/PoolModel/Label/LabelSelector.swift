/// A condition on labels, `metav1.LabelSelector` of Kubernetes: all of `matchLabels` and all of `matchExpressions`
/// must hold. A selector without any condition matches everything.
public struct LabelSelector: Sendable, Hashable {
    /// Keys that must be present with exactly this value.
    public var matchLabels: [String: String]
    /// Further conditions.
    public var matchExpressions: [Requirement]

    /// Makes a selector.
    public init(matchLabels: [String: String] = [:], matchExpressions: [Requirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    /// One condition on the value of one key.
    public struct Requirement: Sendable, Hashable {
        /// The label's key.
        public var key: String
        /// How the value is compared, as written; ``Operator/init(rawValue:)`` tells whether it exists.
        public var operation: String
        /// The values of `In` and `NotIn`; empty for the others.
        public var values: [String]

        /// Makes a condition from what a manifest says.
        public init(key: String, operation: String, values: [String] = []) {
            self.key = key
            self.operation = operation
            self.values = values
        }

        /// Makes a condition.
        public init(_ key: String, _ operation: Operator, _ values: [String] = []) {
            self.init(key: key, operation: operation.rawValue, values: values)
        }
    }

    /// The comparisons that Kubernetes knows.
    public enum Operator: String, Sendable, Hashable, CaseIterable {
        /// The label exists with one of the values.
        case `in` = "In"
        /// The label does not exist, or has none of the values.
        case notIn = "NotIn"
        /// The label exists.
        case exists = "Exists"
        /// The label does not exist.
        case doesNotExist = "DoesNotExist"
    }

    /// Whether there is no condition at all.
    public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    /// Whether every condition holds for these labels. A condition with an unknown operator never holds.
    public func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.matches(labels) }
    }
}

extension LabelSelector.Requirement {
    /// Whether the condition holds for these labels; never when the operator is unknown.
    public func matches(_ labels: [String: String]) -> Bool {
        switch LabelSelector.Operator(rawValue: operation) {
        case .in: labels[key].map(values.contains) ?? false
        case .notIn: labels[key].map { !values.contains($0) } ?? true
        case .exists: labels[key] != nil
        case .doesNotExist: labels[key] == nil
        case nil: false
        }
    }
}
