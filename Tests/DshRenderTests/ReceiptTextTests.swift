// Receipts as lines and as JSON.
import DshBackend
import Testing

@testable import DshRender

@Suite struct ReceiptTextTests {
  private let receipt = Receipt(
    action: "take", dataset: "_2", rows: 3, blocksTotal: 4, blocksRun: 2, moved: [Movement(from: "node2", to: "head", bytes: 204)],
    seconds: 0.004, lines: ["block 2 on node2: 3 rows, 204 B moved to head"], notes: [])

  @Test func json() {
    #expect(
      receipt.json == """
        {"action":"take","dataset":"_2","rows":3,"blocks":{"total":4,"run":2,"reused":0},\
        "moved":[{"from":"node2","to":"head","bytes":204}],"moved_bytes":204,"mapped_bytes":0,"seconds":0.004}
        """)
  }

  @Test func timesOnlyWhenAsked() {
    #expect(receipt.textLines(withTime: false) == ["block 2 on node2: 3 rows, 204 B moved to head"])
    #expect(receipt.textLines(withTime: true) == ["block 2 on node2: 3 rows, 204 B moved to head; 4.0 ms"])
  }
}
