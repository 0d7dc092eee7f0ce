import Testing

@testable import KubeClient

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("https://a", "https://a:443"), ("HTTPS://a:6443/", "https://a:6443"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://10.0.0.1/x/y/", "https://10.0.0.1:443/x/y"), ("http://h", "http://h:80"),
    ])
    func urls(_ url: String, _ shown: String) { #expect(ServerAddress(url: url)?.description == shown) }

    @Test(arguments: [
        "", "a", "a:6443", "ftp://a", "https://", "https:///x", "https://a:0", "https://a:65536", "https://a:b",
        "https://[::1", "https://[::1]x", "https://[10.0.0.1]", "https://u:p@a", "https://a/?q", "https://a?q",
        "https://a b",
        "https://ä", "https://a/#f",
    ])
    func noURLs(_ url: String) { #expect(ServerAddress(url: url) == nil) }
}
