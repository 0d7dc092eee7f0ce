import CNITypes
import Testing

@testable import InterfacePlugin

@Suite struct Placeholder {}
