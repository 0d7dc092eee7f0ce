internal import CNITypes
internal import Coordinator

extension CNIError {
    /// The refusal of a configuration or by the node.
    init(_ error: DeviceError) {
        let code: Code =
            switch error.code {
            case .configuration: .invalidConfiguration
            case .unknownOption: .unsupportedField
            case .missing, .mismatch, .inUse: .deviceMismatch
            case .kernel, .notSupported: .kernelRefused
            case .unsettled: .tryAgainLater
            default: .internalError
            }
        self.init(code, error.message, details: error.details)
    }
}
