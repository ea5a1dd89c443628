// Results, errors and progress as messages.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshRender
import DshSession

/// How outputs of a run become messages.
struct OutputMessages {
  let id: Int
  let settings: RenderSettings
  let format: OutputFormat
  let wantsPictures: Bool
  let withTimes: Bool

  /// One output.
  func message(_ output: Output) -> OutgoingMessage {
    if case .notice(let text) = output {
      var notice = OutgoingMessage(event: "notice", id: id)
      notice["text"] = .string(text)
      return notice
    }
    var message = OutgoingMessage(event: "output", id: id)
    var inner = output
    while case .presented(let other, _) = inner { inner = other }
    message["kind"] = .string(Self.kind(of: inner))
    message["text"] = .string(text(of: output))
    describe(inner, in: &message)
    if wantsPictures {
      if let html = OutputHTML(settings: settings, withTimes: withTimes).fragment(output) { message["html"] = .string(html) }
      if let svg = OutputPicture(settings: settings).svg(output) { message["svg"] = .string(svg) }
    }
    if let rows = Self.attachedRows(inner) { message.attach(Self.stream(rows)) }
    return message
  }

  private static func kind(of output: Output) -> String {
    switch output {
    case .rows: "rows"
    case .scalar: "scalar"
    case .dataset: "dataset"
    case .schema: "schema"
    case .listing: "listing"
    case .bars: "bars"
    case .plot: "plot"
    case .diagram: "diagram"
    case .blockMap: "block_map"
    case .text: "text"
    case .receipt: "receipt"
    case .lines, .notice, .presented: "lines"
    }
  }

  private func text(of output: Output) -> String {
    if case .text(.bytes(let bytes)) = output { return String(decoding: bytes, as: UTF8.self) }
    let buffer = MutableBuffer(capacity: 1024)
    let shown: Output = if case .presented = output { output } else { .presented(output, Presentation(format: format)) }
    OutputText(settings: settings, withTimes: withTimes).append(shown, to: buffer)
    return String(decoding: buffer.freeze().bytes, as: UTF8.self)
  }

  private func describe(_ output: Output, in message: inout OutgoingMessage) {
    switch output {
    case .rows(let rows): message["rows"] = JSONValue(rows.rows.rowCount)
    case .scalar(let name, let value):
      message["name"] = .string(name)
      message["value"] = JSONValue(of: value)
      message["type"] = .string(value.type.name)
    case .dataset(let number, let name, let sentence):
      message["number"] = JSONValue(number)
      if let name { message["name"] = .string(name) }
      message["sentence"] = .string(sentence)
    case .receipt(let receipt):
      var text = JSONText(Array(receipt.json.utf8)[...])
      message["receipt"] = (try? text.value()) ?? .null
      message["lines"] = .array(receipt.textLines(withTime: false).map { .string($0) })
    case .diagram(let diagram, _): message["mermaid"] = .string(MermaidDiagram.lines(diagram).joined(separator: "\n"))
    default: break
    }
  }

  /// What comes as an Arrow stream: data that a person gets as a table.
  private static func attachedRows(_ output: Output) -> Batch? {
    switch output {
    case .rows, .schema, .listing, .bars, .plot, .blockMap: output.batch
    default: nil
    }
  }

  /// Rows as an Arrow stream.
  static func stream(_ rows: Batch) -> [UInt8] { ArrowBytes.stream([rows], schema: rows.schema) }

  /// An error with its place.
  ///
  /// - Parameter mended: the text with the mistake mended.
  func message(_ diagnostic: Diagnostic, in source: SourceText?, mended: String?) -> OutgoingMessage {
    var message = OutgoingMessage(event: "error", id: id)
    message["code"] = .string(diagnostic.code.name)
    message["category"] = .string("\(diagnostic.category)")
    message["message"] = .string(diagnostic.message)
    message["notes"] = .array(diagnostic.notes.map { .string($0) })
    message["text"] = .string(diagnostic.rendered(in: source, width: settings.width))
    if let span = diagnostic.span, let text = diagnostic.source ?? source {
      let (line, column) = text.position(of: span.start)
      var place = [
        ("start", text.characters(before: span.start)), ("end", text.characters(before: span.end)), ("line", line), ("column", column),
      ]
      .map { JSONMember(name: $0.0, value: JSONValue($0.1)) }
      if diagnostic.source != nil { place.append(JSONMember(name: "source", value: .string(text.text))) }
      message["place"] = .object(place)
    }
    if let suggestion = diagnostic.suggestion { message["suggestion"] = .string(suggestion.text) }
    if let mended { message["mended"] = .string(mended) }
    return message
  }

  func message(_ progress: RunProgress) -> OutgoingMessage {
    var message = OutgoingMessage(event: "progress", id: id)
    message["tasks"] = JSONValue(progress.totalTasks)
    message["finished"] = JSONValue(progress.finishedTasks)
    message["seconds"] = JSONValue(progress.seconds)
    message["scanned_rows"] = JSONValue(progress.scannedRows)
    message["scanned_bytes"] = JSONValue(progress.scannedBytes)
    message["nodes"] = .array(
      progress.nodes.map { node in
        .object([
          JSONMember(name: "name", value: .string(node.name)), JSONMember(name: "slots", value: JSONValue(node.slots)),
          JSONMember(name: "running", value: JSONValue(node.runningTasks)),
        ])
      })
    return message
  }
}

extension JSONValue {
  /// A value as JSON has it; text where JSON has no such value.
  init(of value: Value) {
    switch value {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .int64(let number): self = .number(String(number))
    case .float64(let number) where number.isFinite: self = JSONValue(number)
    default: self = .string(CellText.string(value) ?? "")
    }
  }
}

extension SourceText {
  /// How many characters (Unicode scalars) stand before a byte.
  func characters(before byte: Int) -> Int { String(decoding: text.utf8.prefix(byte), as: UTF8.self).unicodeScalars.count }
}
