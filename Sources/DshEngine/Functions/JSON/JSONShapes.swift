// What JSON texts consist of.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let jsonShapes: [Function] = [
    Function(
      "json_is_valid", .json, ["json"], [.from(.string, to: .bool)], "Whether a text is JSON (RFC 8259), at most 1,000 levels deep.",
      examples: [("json_is_valid('{\"a\": [1, 2]}')", "true"), ("json_is_valid(\"{a: 1}\")", "false")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.predicate { row in call.isValid(row) && JSONText(texts[row]) != nil }
      }
    },
    Function(
      "json_type", .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .string)],
      "What is at a path: object, array, string, number, bool or null; null if nothing is.",
      examples: [("json_type('{\"a\": [1]}', \"$.a\")", "array"), ("json_type(\"null\")", "null"), ("json_type(\"1.5\")", "number")]
    ) { site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        return call.optionalTexts { row, output in
          let target = output
          return path.find(texts, row, call) { text, position -> Bool? in
            target.append(text.kind(at: position).rawValue)
            return true
          } ?? false
        }
      }
    },
    Function(
      "json_length", .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .int64)],
      "How many elements an array or members an object at a path has; null of anything else.",
      examples: [("json_length('[1, 2, 3]')", "3"), ("json_length('{\"a\": {\"b\": 1}}', \"$.a\")", "1")]
    ) { site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        return call.mapOptional(Int64.self) { row in
          path.find(texts, row, call) { text, position in
            var count: Int64 = 0
            switch text.kind(at: position) {
            case .array:
              text.forEachElement(at: position) { _ in
                count += 1
                return true
              }
            case .object:
              text.forEachMember(at: position) { _, _ in
                count += 1
                return true
              }
            default: return nil
            }
            return count
          }
        }
      }
    },
    Function(
      "json_keys", .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .list(.string))],
      "The names of the members of an object at a path; null of anything else.",
      examples: [("json_keys('{\"a\": 1, \"b\": 2}')", "[a, b]"), ("json_keys('[1]')", "null")]
    ) { site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        return call.optionalTextLists { row, output in
          path.find(texts, row, call) { text, position -> Bool? in
            guard text.kind(at: position) == .object else { return nil }
            text.forEachMember(at: position) { name, _ in
              output.append(text.string(at: name))
              return true
            }
            return true
          } ?? false
        }
      }
    },
    Function(
      "json_array", .json, ["json", "path"], [.from(.string, .string, optional: 1, to: .list(.string))],
      "The elements of an array at a path as `json_text` gives them; null of anything else.",
      examples: [("json_array('[\"a\", 2, null]')", "[a, 2, null]"), ("json_array('{\"x\": [true]}', \"$.x\")", "[true]")]
    ) { site throws(Diagnostic) in
      try JSONPathArgument.kernel(site) { path, texts, call in
        return call.optionalTextLists { row, output in
          path.find(texts, row, call) { text, position -> Bool? in
            guard text.kind(at: position) == .array else { return nil }
            text.forEachElement(at: position) { element in
              switch text.kind(at: element) {
              case .null: output.appendNull()
              case .string: output.append(text.string(at: element))
              default: output.append(text.value(at: element))
              }
              return true
            }
            return true
          } ?? false
        }
      }
    },
  ]
}
