internal import CNITypes
internal import IPAMCore
internal import JSONTree

/// The particular addresses that a runtime asks for, at most one of each family.
///
/// The first of these that says something counts: the capability `ips` (`runtimeConfig.ips`), the convention
/// `args.cni.ips`, and `IP` in `CNI_ARGS`. A prefix length is accepted and ignored; the pool decides it.
struct RequestedAddresses {
    let byFamily: [AddressFamily: IPAddress]

    /// - Throws: `CNIError` with code 7 or 4 that names the place and the value.
    init(_ request: CNIAddRequest) throws(CNIError) {
        let configuration = request.call.configuration
        var texts: [String] = []
        var place = "runtimeConfig.ips"
        do throws(JSONFieldError) {
            texts = try configuration.runtimeConfig?.strings(at: "ips") ?? []
            if texts.isEmpty {
                place = "args.cni.ips"
                texts = try configuration.args?.object(at: "cni")?.strings(at: "ips") ?? []
            }
        } catch {
            throw CNIError(.invalidConfiguration, "invalid network config", details: "\(error)")
        }
        let isArgument = texts.isEmpty
        if isArgument, let text = request.arguments.address, !text.isEmpty {
            place = "IP in CNI_ARGS"
            texts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var found: [AddressFamily: IPAddress] = [:]
        for text in texts {
            let address = InterfaceAddress(text)?.address ?? IPAddress(text)
            guard let address, found.updateValue(address, forKey: address.family) == nil else {
                throw CNIError(
                    isArgument ? .invalidEnvironment : .invalidConfiguration, "invalid requested address",
                    details: "\(place): \"\(text)\" is not an address, or the second one of its family")
            }
        }
        byFamily = found
    }
}
