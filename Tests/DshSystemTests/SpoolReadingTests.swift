// Several files are read to their ends at once; the first that can't be read is the one that is told.
import DshDiagnostics
import DshSystem
import Foundation
import Testing

struct SpoolReadingTests {
  /// Refuses a byte.
  private struct Refusal: StreamDecoder {
    let name: String

    func decode(
      _ bytes: UnsafeRawBufferPointer, isEnd: Bool, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
      if bytes.contains(UInt8(ascii: "!")) { throw Diagnostic(.badFile, name) }
      try sink(bytes)
    }
  }

  private func spools(_ texts: [String], _ scratch: String) throws -> [StreamSpool] {
    try texts.enumerated().map { number, text in
      let path = "\(scratch)/\(number)"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return try StreamSpool(source: openStream(path), name: path, decoder: Refusal(name: "\(number)"), isFile: true)
    }
  }

  @Test func allAreReadWhole() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let texts = (0..<20).map { String(repeating: "line \($0)\n", count: $0 * 10_000) }
    let spools = try spools(texts, scratch)
    try readToEnds(spools, cancellation: nil)
    for (spool, text) in zip(spools, texts) {
      #expect(spool.isEnded && spool.isFile && spool.sizeBytes == text.utf8.count)
      #expect(try readWholeFile(spool.path) == Array(text.utf8))
    }
    // Those that have ended are as they are.
    try readToEnds(spools, cancellation: nil)
    try readToEnds([], cancellation: nil)
  }

  @Test func theFirstFailureIsTold() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let spools = try spools(["a\n", "!\n", "b\n", "!\n"], scratch)
    let error = #expect(throws: Diagnostic.self) { try readToEnds(spools, cancellation: nil) }
    #expect(error?.message == "1")
  }

  @Test func aCancelEndsIt() throws {
    let scratch = try FileTests.scratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let event = try EventDescriptor()
    event.raise()
    let spools = try spools((0..<4).map { _ in String(repeating: "x\n", count: 20 << 20) }, scratch)
    let error = #expect(throws: Diagnostic.self) { try readToEnds(spools, cancellation: event.number) }
    #expect(error?.category == .cancelled)
  }
}
