/// How a netlink message is to be taken (`nlmsg_flags`).
struct MessageFlags: OptionSet, Sendable {
    /// The kernel's bits.
    let rawValue: UInt16

    /// `NLM_F_REQUEST`.
    static let request = Self(rawValue: 0x1)
    /// `NLM_F_MULTI`: one of several messages that `NLMSG_DONE` ends.
    static let multipart = Self(rawValue: 0x2)
    /// `NLM_F_ACK`: answer also when all went well.
    static let acknowledge = Self(rawValue: 0x4)
    /// `NLM_F_DUMP_INTR`: the table changed while it was read.
    static let dumpInterrupted = Self(rawValue: 0x10)

    /// `NLM_F_CAPPED`: the request is not repeated in the answer. Of answers.
    static let capped = Self(rawValue: 0x100)
    /// `NLM_F_ACK_TLVS`: the answer carries attributes. Of answers.
    static let hasAttributes = Self(rawValue: 0x200)

    /// `NLM_F_DUMP`: all objects. Of requests.
    static let dump = Self(rawValue: 0x300)
    /// `NLM_F_REPLACE`. Of requests that make something.
    static let replace = Self(rawValue: 0x100)
    /// `NLM_F_EXCL`: refuse when it is there already. Of requests that make something.
    static let exclusive = Self(rawValue: 0x200)
    /// `NLM_F_CREATE`. Of requests that make something.
    static let create = Self(rawValue: 0x400)
    /// `NLM_F_APPEND`. Of requests that make something.
    static let append = Self(rawValue: 0x800)
}
