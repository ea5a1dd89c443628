// Rows as a part of a file.

import DshColumns
import DshDiagnostics
import DshEngine
import Testing

@Suite struct EncodeTextTests {
  private func text(_ format: String) throws -> String {
    let environment = MemoryEnvironment()
    let report = try runTask(
      environment.source(batch(integers(1, nil, 3), texts("x", "a,b", nil))), [], EncodeText(format: format), batchRows: 2, in: environment)
    #expect(report.rows == 3)
    #expect(environment.state.heldBytes == 0)
    return environment.state.texts.joined(separator: "|")
  }

  @Test func formats() throws {
    #expect(try text("csv") == "1,x\n,\"a,b\"\n3,\n")
    #expect(try text("jsonl") == "{\"a\":1,\"b\":\"x\"}\n{\"a\":null,\"b\":\"a,b\"}\n{\"a\":3,\"b\":null}\n")
  }

  @Test func formatsThatCannotBeWritten() {
    let unknown = #expect(throws: Diagnostic.self) { try text("nothing") }
    #expect(unknown?.code == .unknownFormat)
    let readOnly = #expect(throws: Diagnostic.self) { try text("text") }
    #expect(readOnly?.code == .notAvailable)
  }
}
