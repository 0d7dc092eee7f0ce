internal import IPAMCore
internal import JSONTree
internal import NIOCore
internal import NIOHTTP1

/// One connection: gathers a request, has it served, writes the reply; the next request is read afterwards.
///
/// The request is cancelled when its caller leaves. A connection that brings no whole request for a while is closed.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest body in bytes.
    static let largestBody = 1 << 20

    private let serve: @Sendable (HTTPRequest) async -> HTTPReply
    private let load: ServerLoad
    /// Why nothing is served on this connection.
    private let objection: AgentRefusal?

    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var refusal: AgentRefusal?
    private var task: Task<Void, Never>?

    init(
        load: ServerLoad, objection: AgentRefusal? = nil, serve: @escaping @Sendable (HTTPRequest) async -> HTTPReply
    ) {
        self.load = load
        self.objection = objection
        self.serve = serve
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            refusal = objection
        case .body(let buffer):
            guard refusal == nil else { return }
            guard body.count + buffer.readableBytes <= Self.largestBody else {
                body = []
                refusal = .flaw(413, code: 413, "the body is larger than \(Self.largestBody) bytes")
                return
            }
            body += buffer.readableBytesView
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        task?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent, task == nil { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request: HTTPRequest
        do throws(AgentRefusal) {
            if let refusal { throw refusal }
            request = try HTTPRequest(head, body: body, receivedAt: .now)
        } catch {
            // What was refused for its size may go on coming.
            return write(HTTPReply(error), keepsOpen: false, context)
        }
        body = []
        guard load.enter() else {
            let refusal = AgentRefusal(status: 503, "queue is full: \(load.limit) requests wait already")
            return write(HTTPReply(refusal), keepsOpen: head.isKeepAlive, context)
        }
        let promise = context.eventLoop.makePromise(of: HTTPReply.self)
        task = Task { [serve] in promise.succeed(await serve(request)) }
        let load = load
        promise.futureResult.assumeIsolated().whenSuccess { [self] reply in
            load.leave()
            task = nil
            write(reply, keepsOpen: head.isKeepAlive, context)
        }
    }

    private func write(_ reply: HTTPReply, keepsOpen: Bool, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var headers: HTTPHeaders = ["Content-Length": "\(reply.body.count)"]
        if !reply.body.isEmpty { headers.add(name: "Content-Type", value: "application/json") }
        if !keepsOpen { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !reply.body.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: reply.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let promise = keepsOpen ? nil : context.eventLoop.makePromise(of: Void.self)
        promise?.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }
}
