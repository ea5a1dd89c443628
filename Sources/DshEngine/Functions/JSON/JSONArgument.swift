// The text and the path that functions of JSON take.

import DshColumns
import DshDiagnostics

/// The path argument of a call: read once if it is constant, the whole text if there is none.
struct JSONPathArgument: Sendable {
  private let constant: JSONPath?

  init(_ site: CallSite) throws(Diagnostic) {
    if site.types.count < 2 {
      constant = try JSONPath("$")
    } else {
      constant = try site.constantText(1).map { text throws(Diagnostic) in try JSONPath(text) }
    }
  }

  /// A kernel over the texts of a call and the values at its path.
  static func kernel(
    _ site: CallSite, _ body: @escaping @Sendable (JSONPathArgument, TextArgument, Call) -> Column
  ) throws(Diagnostic) -> Kernel {
    let path = try JSONPathArgument(site)
    return Kernel(canFail: true) { call in body(path, TextArgument(call.arguments[0]), call) }
  }

  /// Calls `body` with a row's text and where the value at its path begins; nil if the text is no JSON or has no such value.
  func find<Result>(_ texts: TextArgument, _ row: Int, _ call: Call, _ body: (JSONText, Int) -> Result?) -> Result? {
    do {
      let path = try constant ?? JSONPath(String(decoding: TextArgument(call.arguments[1])[row], as: UTF8.self))
      guard let text = JSONText(texts[row]), let position = path.find(in: text) else { return nil }
      return body(text, position)
    } catch let error as Diagnostic {
      call.fail(row, error)
    } catch {}
    return nil
  }
}

extension Call {
  /// A list of texts per row, each perhaps null, or null where the step gives false; the step appends texts and notes nulls.
  func optionalTextLists(_ step: (Int, inout ListedTexts) -> Bool) -> Column {
    var texts = ListedTexts(output: TextOutput(rowCount: rowCount))
    var ends: [Int32] = [0]
    var isThere: [Bool] = []
    for row in 0..<rowCount {
      let (count, byteCount) = (texts.output.count, texts.output.bytes.byteCount)
      isThere.append(isValid(row) && step(row, &texts))
      if texts.output.bytes.byteCount > TextOutput.byteLimit || texts.output.count > ListArgument.elementLimit {
        texts.output.rewind(toCount: count, byteCount: byteCount)
        texts.nulls.removeAll { $0 >= count }
        fail(row, .batchTextTooLong)
      }
      ends.append(Int32(truncatingIfNeeded: texts.output.count))
    }
    let offsets = MutableBuffer(capacity: ends.count * 4)
    for end in ends { offsets.append(end) }
    var valid = [Bool](repeating: true, count: texts.output.count)
    for index in texts.nulls { valid[index] = false }
    let elements = texts.output.finish(.string, validity: texts.nulls.isEmpty ? nil : Bitmap(valid))
    return Column(
      type: type, count: rowCount, validity: Bitmap(isThere), storage: .list(offsets: offsets.freeze(), elements: elements))
  }
}

/// Texts of lists that are being made.
struct ListedTexts {
  var output: TextOutput
  fileprivate(set) var nulls: [Int] = []

  init(output: TextOutput) { self.output = output }

  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { output.append($0) }
    output.endRow()
  }

  mutating func append(_ bytes: TextSlice) {
    output.append(bytes)
    output.endRow()
  }

  mutating func appendNull() {
    nulls.append(output.count)
    output.endRow()
  }
}

extension Bitmap {
  fileprivate init(_ flags: [Bool]) {
    self = .make(count: flags.count) { word in
      var bits: UInt64 = 0
      for index in word * 64..<min(flags.count, word * 64 + 64) where flags[index] { bits |= 1 &<< UInt64(index & 63) }
      return bits
    }
  }
}
