/// Attributes of messages that concern a table (`NFTA_TABLE_…`).
enum NFTATable {
    /// `NFTA_TABLE_NAME`.
    static let name: AttributeType = 1
    /// `NFTA_TABLE_FLAGS`; `NFT_TABLE_F_DORMANT` is bit 0.
    static let flags: AttributeType = 2
}

/// Attributes of messages that concern a chain (`NFTA_CHAIN_…`).
enum NFTAChain {
    /// `NFTA_CHAIN_TABLE`.
    static let table: AttributeType = 1
    /// `NFTA_CHAIN_NAME`.
    static let name: AttributeType = 3
    /// `NFTA_CHAIN_HOOK`.
    static let hook: AttributeType = 4
    /// `NFTA_CHAIN_POLICY`.
    static let policy: AttributeType = 5
    /// `NFTA_CHAIN_TYPE`.
    static let kind: AttributeType = 7
}

/// Attributes within `NFTA_CHAIN_HOOK` (`NFTA_HOOK_…`).
enum NFTAHook {
    /// `NFTA_HOOK_HOOKNUM`.
    static let number: AttributeType = 1
    /// `NFTA_HOOK_PRIORITY`.
    static let priority: AttributeType = 2
}

/// Attributes of messages that concern a rule (`NFTA_RULE_…`).
enum NFTARule {
    /// `NFTA_RULE_TABLE`.
    static let table: AttributeType = 1
    /// `NFTA_RULE_CHAIN`.
    static let chain: AttributeType = 2
    /// `NFTA_RULE_EXPRESSIONS`.
    static let expressions: AttributeType = 4
    /// `NFTA_RULE_USERDATA`.
    static let userData: AttributeType = 7
}

/// Attributes within `NFTA_RULE_EXPRESSIONS`, and within each expression (`NFTA_LIST_…`, `NFTA_EXPR_…`, `NFTA_DATA_…`).
enum NFTAExpression {
    /// `NFTA_LIST_ELEM`.
    static let element: AttributeType = 1
    /// `NFTA_EXPR_NAME`.
    static let name: AttributeType = 1
    /// `NFTA_EXPR_DATA`.
    static let data: AttributeType = 2
    /// `NFTA_DATA_VALUE`.
    static let value: AttributeType = 1
}

/// Attributes of `meta` and of `ct` (`NFTA_META_…`, `NFTA_CT_…`).
enum NFTASource {
    /// `NFTA_META_DREG`, `NFTA_CT_DREG`: the register that is loaded.
    static let destination: AttributeType = 1
    /// `NFTA_META_KEY`, `NFTA_CT_KEY`.
    static let key: AttributeType = 2
    /// `NFTA_META_SREG`: the register whose value is set.
    static let metaSource: AttributeType = 3
    /// `NFTA_CT_SREG`: the register whose value is set.
    static let connectionSource: AttributeType = 4
}

/// Attributes of `immediate` (`NFTA_IMMEDIATE_…`).
enum NFTAImmediate {
    /// `NFTA_IMMEDIATE_DREG`.
    static let destination: AttributeType = 1
    /// `NFTA_IMMEDIATE_DATA`.
    static let data: AttributeType = 2
}

/// Attributes of `bitwise` (`NFTA_BITWISE_…`).
enum NFTABitwise {
    /// `NFTA_BITWISE_SREG`.
    static let source: AttributeType = 1
    /// `NFTA_BITWISE_DREG`.
    static let destination: AttributeType = 2
    /// `NFTA_BITWISE_LEN`.
    static let length: AttributeType = 3
    /// `NFTA_BITWISE_MASK`.
    static let mask: AttributeType = 4
    /// `NFTA_BITWISE_XOR`.
    static let xor: AttributeType = 5
    /// `NFTA_BITWISE_OP`: 0 is `NFT_BITWISE_MASK_XOR`, the only one before Linux 5.6.
    static let operation: AttributeType = 6
    /// All of these.
    static let all = [source, destination, length, mask, xor, operation]
}

/// Attributes of `cmp` (`NFTA_CMP_…`).
enum NFTACompare {
    /// `NFTA_CMP_SREG`.
    static let source: AttributeType = 1
    /// `NFTA_CMP_OP`.
    static let operation: AttributeType = 2
    /// `NFTA_CMP_DATA`.
    static let data: AttributeType = 3
}
