import IPAMCore
import Testing

@Suite
struct MonotonicInstantTests {
    @Test
    func countsLikeTheClockOfTheLanguage() {
        // Ours within theirs within ours: whatever takes how long, the one in the middle is not longer.
        let outerBegin = ContinuousClock.now
        let begin = MonotonicInstant.now
        let innerBegin = ContinuousClock.now
        var last = begin
        while innerBegin.duration(to: .now) < .milliseconds(20) {
            let next = MonotonicInstant.now
            #expect(next >= last)
            last = next
        }
        let innerEnd = ContinuousClock.now
        let passed = begin.duration(to: .now)
        let outerEnd = ContinuousClock.now
        #expect(passed >= innerBegin.duration(to: innerEnd))
        #expect(passed <= outerBegin.duration(to: outerEnd))
    }

    @Test
    func addsAndCompares() {
        let start = MonotonicInstant(sinceBoot: .seconds(5))
        let end = start + .milliseconds(1500)
        #expect(end.sinceBoot == .milliseconds(6500))
        #expect(start < end)
        #expect(end.duration(to: start) == .milliseconds(-1500))
    }
}
