import IPAMCore
import Testing

@testable import KubeClient

@Suite struct TokenBucketTests {
    @Test func aBurstAndThenThePace() {
        let clock = ManualClock()
        let bucket = TokenBucket(RateLimit(perSecond: 10, burst: 3), time: clock.source)
        let far = clock.now + .seconds(100)
        let waits = (0..<5).map { _ in bucket.take(before: far) }
        #expect(waits == [.zero, .zero, .zero, .milliseconds(100), .milliseconds(200)])
        clock.advance(by: .seconds(60))
        #expect((0..<4).map { _ in bucket.take(before: far) } == [.zero, .zero, .zero, .milliseconds(100)])
    }

    @Test func aTurnAfterTheDeadlineIsNotTaken() {
        let clock = ManualClock()
        let bucket = TokenBucket(RateLimit(perSecond: 1, burst: 1), time: clock.source)
        #expect(bucket.take(before: clock.now) == .zero)
        for _ in 0..<10 { #expect(bucket.take(before: clock.now + .milliseconds(500)) == nil) }
        #expect(bucket.take(before: clock.now + .seconds(1)) == .seconds(1))
    }
}
