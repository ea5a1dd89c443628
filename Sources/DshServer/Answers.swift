// Answers to requests that run no statements of a person's.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshRender
import DshSession
import DshSystem

extension Server {
  /// - Throws: why there is none.
  func answer(_ request: Request) throws -> OutgoingMessage {
    var answer = OutgoingMessage(event: "answer", id: request.id)
    switch request.action {
    case .run, .interrupt: preconditionFailure("runs and interrupts are handled where they come")
    case .complete(let text, let offset): complete(text, offset, in: &answer)
    case .inspect(let text, let offset): inspect(text, offset, in: &answer)
    case .isComplete(let text): judge(text, in: &answer)
    case .schema(let name):
      let schema = try session.schema(ofDataset: name)
      answer["columns"] = .array(
        schema.fields.map {
          .object([JSONMember(name: "name", value: .string($0.name)), JSONMember(name: "type", value: .string($0.type.name))])
        })
      answer.attach(ArrowBytes.schema(schema))
    case .datasets:
      answer["datasets"] = .array(
        session.namedDatasets.map {
          .object([JSONMember(name: "name", value: .string($0.name)), JSONMember(name: "made_by", value: .string($0.madeBy))])
        })
    case .rows(let name, let first):
      let report = try session.rows(ofDataset: name, first: first)
      answer["rows"] = JSONValue(report.rows.rowCount)
      answer["moved"] = JSONValue(report.work.moved.reduce(0) { $0 + $1.bytes })
      answer.attach(try within(limitOf: name, ArrowBytes.stream([report.rows], schema: report.rows.schema)))
    case .count(let name): answer["rows"] = JSONValue(try session.rowCount(ofDataset: name))
    case .blocks(let name):
      let shared = try session.sharedBlocks(ofDataset: name)
      var columns = SharedColumns(transport.carriesDescriptors ? shared.stores : [])
      answer.append(columns.describe(shared))
      if transport.carriesDescriptors { answer.attach(descriptors: shared.stores.map(\.descriptor)) }
      do { answer.attach(try within(limitOf: name, columns.moved)) } catch {
        session.backend.endSharing(shared.hold)
        throw error
      }
    case .release(let hold): session.backend.endSharing(hold)
    case .readArrow(let name, let bytes, let descriptors): answer["rows"] = JSONValue(try readArrow(name, bytes, descriptors))
    }
    return answer
  }

  // MARK: Typing

  private func complete(_ text: String, _ offset: Int, in answer: inout OutgoingMessage) {
    let source = SourceText(name: "", text: text)
    let found = session.completions(in: text, at: text.bytes(before: offset))
    answer["start"] = JSONValue(source.characters(before: found.range.lowerBound))
    answer["end"] = JSONValue(source.characters(before: found.range.upperBound))
    answer["items"] = .array(
      found.items.map {
        .object([JSONMember(name: "text", value: .string($0.text)), JSONMember(name: "description", value: .string($0.description))])
      })
  }

  private func judge(_ text: String, in answer: inout OutgoingMessage) {
    if case .incomplete = completeness(of: text) {
      answer["status"] = .string("incomplete")
      answer["indent"] = .string("  ")
    } else {
      answer["status"] = .string(parse(SourceText(name: "", text: text)).hasErrors ? "invalid" : "complete")
    }
  }

  /// Help on the word at a place, or the columns of the dataset that it names.
  private func inspect(_ text: String, _ offset: Int, in answer: inout OutgoingMessage) {
    let word = text.word(at: offset)
    if let schema = try? session.schema(ofDataset: word) {
      let buffer = MutableBuffer(capacity: 256)
      OutputText(settings: RenderSettings()).append(.schema(schema, origins: schema.fields.map { _ in "" }), to: buffer)
      answer["found"] = .bool(true)
      answer["text"] = .string(String(decoding: buffer.freeze().bytes, as: UTF8.self))
    } else if !word.isEmpty, let lines = try? Help.lines(on: word) {
      answer["found"] = .bool(true)
      answer["text"] = .string(lines.joined(separator: "\n"))
    } else {
      answer["found"] = .bool(false)
      answer["text"] = .string("")
    }
  }

  // MARK: Data

  /// Bytes of a dataset that may follow a message.
  private func within(limitOf name: String, _ bytes: [UInt8]) throws(Diagnostic) -> [UInt8] {
    let limit = MessageAssembler.bytesLimit
    guard bytes.count > limit else { return bytes }
    throw Diagnostic(
      .tooManyBytes, "\(bytesText(bytes.count)) of \(name) would have to move, and a message takes \(bytesText(limit))",
      suggestion: "write a file, or take fewer rows")
  }

  /// Makes a dataset of bytes of Arrow; how many rows it has.
  private func readArrow(_ name: String, _ bytes: [UInt8], _ descriptors: Int) throws -> Int {
    let taken = transport.takeDescriptors(descriptors).map { OwnedDescriptor($0) }
    // It becomes part of a statement, and nothing but a name may.
    guard !name.isEmpty, name.word(at: 0) == name else {
      throw Diagnostic(.badRequest, "a dataset has a name of letters, digits and _, not \(JSONValue.string(name).text)")
    }
    let file: Descriptor
    if let first = taken.first {
      file = try first.descriptor.duplicated()
    } else {
      let memory = try MemoryFile(name: "dsh-arrow", byteCount: bytes.count)
      try bytes.withUnsafeBytes { bytes in try memory.write([bytes], at: 0) }
      file = try memory.readOnlyDescriptor()
    }
    let path = try session.adopt(file, as: name)
    var failure: StatementFailure?
    _ = session.run(
      SourceText(name: "<request>", text: "\(name) = read --format=arrow \"\(path)\""), emit: { _ in },
      onFailure: {
        failure = $0
        return false
      })
    if let failure { throw failure }
    return try session.rowCount(ofDataset: name)
  }
}

/// A descriptor that came with a request.
private final class OwnedDescriptor {
  let descriptor: Descriptor
  init(_ number: Int32) { descriptor = Descriptor(owning: number) }
}

extension String {
  /// The bytes before a character (Unicode scalar); all of them if there are not so many.
  func bytes(before character: Int) -> Int { unicodeScalars.prefix(character).reduce(0) { $0 + UTF8.width($1) } }

  /// The name that stands at a character or right before it; empty if there is none.
  func word(at character: Int) -> String {
    func isPart(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) }
    let scalars = Array(unicodeScalars)
    var start = Swift.min(character, scalars.count)
    var end = start
    while start > 0, isPart(scalars[start - 1]) { start -= 1 }
    while end < scalars.count, isPart(scalars[end]) { end += 1 }
    var word = String.UnicodeScalarView()
    word.append(contentsOf: scalars[start..<end])
    return String(word)
  }
}
