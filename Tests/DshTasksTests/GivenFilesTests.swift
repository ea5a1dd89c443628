// Files that whoever runs a task reads for it: what is known of them, and readers that answer with anything.

import DshDiagnostics
import DshSystem
import Foundation
import Testing

@testable import DshTasks

struct GivenFilesTests {
  private func files(answering answer: [UInt8]) -> GivenFiles {
    GivenFiles { _, _, bytes in
      let part = answer.prefix(bytes.count)
      bytes.copyBytes(from: part)
      return .success(part.count)
    }
  }

  private func entry(_ numbers: [Int64]) -> [UInt8] { numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } } }

  @Test func whatIsKnownIsSixNumbers() throws {
    let status = try #require(try files(answering: entry([1, 0, 9, 42, 5, 6])).status(of: "s3://b/k"))
    #expect(status.kind == .file)
    #expect(FileIdentity(status).numbers == [0, 9, 42, 5, 6])
    #expect(try files(answering: entry([2, 0, 0, 0, 0, 0])).status(of: "s3://b")?.kind == .folder)
    #expect(try files(answering: []).status(of: "s3://b/none") == nil)
  }

  @Test(arguments: [[3, 0, 9, 42, 5, 6], [0, 0, 9, 42, 5, 6], [1, 0, 9, -1, 5, 6], [1, 0, 9], [1]] as [[Int64]])
  func anythingElseIsTold(_ numbers: [Int64]) {
    let error = #expect(throws: Diagnostic.self) { try files(answering: entry(numbers)).status(of: "s3://b/k") }
    #expect(error?.code == .remoteFile)
    #expect(error?.message.contains("s3://b/k") == true)
  }

  @Test func aReaderSaysWhatIsWrong() {
    let files = GivenFiles { address, _, _ in .failure(remoteFailure(address, "no credentials")) }
    let error = #expect(throws: Diagnostic.self) { try files.status(of: "s3://b/k") }
    #expect(error?.notes == ["no credentials"])
  }
}
