/// Feeds what libFuzzer invents to the probes of the test suite; a complaint stops the run and leaves the input behind.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for parser in FuzzedParser.all {
        if let complaint = parser.probe(bytes).complaint { fatalError("\(parser.name): \(complaint)") }
    }
    return 0
}
