// Where, how often and between what regular expressions match.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let regexSearching = [
    Function(
      "regex_full_match", .text, ["text", "pattern"], [.from(.string, .string, to: .bool)],
      "Whether a regular expression matches all of a text.",
      examples: [("regex_full_match(\"abc\", \"[a-c]+\")", "true"), ("regex_full_match(\"abcd\", \"[a-c]+\")", "false")]
    ) { site throws(Diagnostic) in
      let pattern = try Pattern(site, argument: 1)
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        var matchers = pattern.matchers(call)
        return call.predicate { row in
          guard call.isValid(row), let matcher = matchers.matcher(row) else { return false }
          let outcome = matcher.find(in: texts[row], isWhole: true)
          if outcome == .tooCostly { call.fail(row, .regexTooCostly) }
          return outcome == .match
        }
      }
    },
    Function(
      "regex_count", .text, ["text", "pattern"], [.from(.string, .string, to: .int64)],
      "How often a regular expression matches, without overlaps.",
      examples: [("regex_count(\"a1b22c\", \"[0-9]+\")", "2"), ("regex_count(\"Zoë\", \".\")", "3")]
    ) { site throws(Diagnostic) in
      let pattern = try Pattern(site, argument: 1)
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        var matchers = pattern.matchers(call)
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            output[row] = 0
            guard call.isValid(row), let matcher = matchers.matcher(row) else { continue }
            if !matcher.forEachMatch(in: texts[row], { output[row] += 1 }) { call.fail(row, .regexTooCostly) }
          }
        }
      }
    },
    Function(
      "regex_find", .text, ["text", "pattern"], [.from(.string, .string, to: .int64)],
      "The position of the first match, counted from 1 as `substr` does; null if there is none.",
      examples: [("regex_find(\"Zoë 42\", \"[0-9]\")", "5"), ("regex_find(\"abc\", \"[0-9]\")", "null")]
    ) { site throws(Diagnostic) in
      let pattern = try Pattern(site, argument: 1)
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        var matchers = pattern.matchers(call)
        return call.mapOptional(Int64.self) { row in
          guard let matcher = matchers.matcher(row) else { return nil }
          switch matcher.find(in: texts[row]) {
          case .match: return matcher.group(0).map { Int64(texts[row].part(0..<$0.lowerBound).scalarCount) + 1 }
          case .noMatch: return nil
          case .tooCostly:
            call.fail(row, .regexTooCostly)
            return nil
          }
        }
      }
    },
    Function(
      "regex_split", .text, ["text", "pattern"], [.from(.string, .string, to: .list(.string))],
      "The parts between the matches of a regular expression.",
      examples: [("regex_split(\"a, b;c\", \"[,;] *\")", "[a, b, c]"), ("regex_split(\"abc\", \"x\")", "[abc]")]
    ) { site throws(Diagnostic) in
      let pattern = try Pattern(site, argument: 1)
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        var matchers = pattern.matchers(call)
        return call.textLists { row, output in
          guard let matcher = matchers.matcher(row) else { return }
          let text = texts[row]
          var start = 0
          let isDone = matcher.forEachMatch(in: text) {
            guard let range = matcher.group(0), range.lowerBound >= start else { return }
            output.append(text.part(start..<range.lowerBound))
            output.endRow()
            start = range.upperBound
          }
          output.append(text.part(start..<text.count))
          output.endRow()
          if !isDone { call.fail(row, .regexTooCostly) }
        }
      }
    },
    Function(
      "regex_escape", .text, ["text"], [.from(.string, to: .string)],
      "The regular expression that matches just this text.",
      examples: [("regex_escape(\"a.b\")", "a\\.b"), ("\"1+1=2\" ~ regex_escape(\"1+1\")", "true")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.texts { row, output in
          for byte in texts[row] {
            let isPlain = byte >= 0x80 || byte == UInt8(ascii: "_") || byte.isASCIILetter || byte.isASCIIDigit
            if !isPlain { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
          }
        }
      }
    },
  ]
}

extension UInt8 {
  var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  var isASCIILetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
