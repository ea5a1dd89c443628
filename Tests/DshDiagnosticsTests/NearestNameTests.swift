// The name a person most likely meant.
import DshDiagnostics
import Testing

@Suite struct NearestNameTests {
  @Test func nearest() {
    #expect(nearestName(to: "amuont", in: ["amount", "mount"]) == "amount")
    #expect(nearestName(to: "AMOUNT", in: ["amount"]) == "amount")
    #expect(nearestName(to: "xyz", in: ["amount", "day"]) == nil)
    // Equally near: the one that begins alike.
    #expect(nearestName(to: "substring", in: ["string", "substr"]) == "substr")
    #expect(nearestName(to: "", in: ["a"]) == nil)
  }
}
