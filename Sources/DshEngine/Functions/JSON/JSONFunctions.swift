// Values taken out of JSON texts.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let json: [Function] = jsonValues + jsonShapes + jsonWriting

  private static let jsonValues: [Function] = [
    textOf(
      "json_get", "The value at a path as JSON text; null if the text is no JSON or has no such value.",
      [("json_get('{\"a\": [1, {\"b\": \"x\"}]}', \"$.a[1]\")", "{\"b\": \"x\"}"), ("json_get('{\"a\": 1}', \"$.b\")", "null")]
    ) { text, position, output in
      output.append(text.value(at: position))
      return true
    },
    textOf(
      "json_text", "The value at a path as text, a string without its quotes; null if it is null or not there.",
      [("json_text('{\"a\": \"x\\\\u00e9\"}', \"$.a\")", "xé"), ("json_text('{\"a\": null}', \"$.a\")", "null")]
    ) { text, position, output in
      switch text.kind(at: position) {
      case .null: return false
      case .string: text.string(at: position).withUnsafeBufferPointer { output.append($0) }
      default: output.append(text.value(at: position))
      }
      return true
    },
    Function(
      "json_int", .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .int64)],
      "The whole number at a path; null if there is none that fits int64.",
      examples: [("json_int('{\"a\": [7, 8]}', \"$.a[-1]\")", "8"), ("json_int('{\"a\": \"7\"}', \"$.a\")", "null")]
    ) { site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        return call.mapOptional(Int64.self) { row in
          path.find(texts, row, call) { text, position in
            guard text.kind(at: position) == .number else { return nil }
            let digits = text.value(at: position)
            return NumberText.parseInteger(digits) ?? NumberText.parseFloat(digits).flatMap { Int64(exactly: $0) }
          }
        }
      }
    },
    Function(
      "json_float", .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .float64)],
      "The number at a path; null if there is none.",
      examples: [("json_float('{\"a\": 2.5}', \"$.a\")", "2.5"), ("json_float('[1e3]', \"$[0]\")", "1000.0")]
    ) { site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        return call.mapOptional(Double.self) { row in
          path.find(texts, row, call) { text, position in
            text.kind(at: position) == .number ? NumberText.parseFloat(text.value(at: position)) : nil
          }
        }
      }
    },
    Function(
      "json_bool", .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .bool)],
      "The truth value at a path; null if there is none.",
      examples: [("json_bool('{\"a\": true}', \"$.a\")", "true"), ("json_bool('{\"a\": 1}', \"$.a\")", "null")]
    ) { site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        let flags = (0..<call.rowCount).map { row -> Bool? in
          guard call.isValid(row) else { return nil }
          return path.find(texts, row, call) { text, position in
            text.kind(at: position) == .bool ? text.value(at: position).first == UInt8(ascii: "t") : nil
          }
        }
        return call.predicate { flags[$0] ?? false }.withValidity(
          .make(count: call.rowCount) { word in
            (word * 64..<min(call.rowCount, word * 64 + 64)).reduce(UInt64(0)) { $0 | (flags[$1] == nil ? 0 : 1 &<< UInt64($1 & 63)) }
          })
      }
    },
  ]

  private static func textOf(
    _ name: String, _ summary: String, _ examples: [(String, String)],
    _ append: @escaping @Sendable (JSONText, Int, TextOutput) -> Bool
  ) -> Function {
    Function(name, .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .string)], summary, examples: examples) {
      site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        return call.optionalTexts { row, output in
          let target = output
          return path.find(texts, row, call) { text, position in append(text, position, target) } ?? false
        }
      }
    }
  }
}
