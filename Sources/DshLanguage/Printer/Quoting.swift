// Writes names and texts with the quotes and escapes they need to be read again.
import DshDiagnostics

/// The name as it is typed: bare where it can be, else in backticks.
public func printedName(_ name: String) -> String {
  let bytes = name.utf8
  let isPlain = bytes.first?.startsName == true && bytes.allSatisfy(\.continuesName) && !Keywords.inExpressions.contains(name)
  return isPlain ? name : printedQuotedName(name)
}

/// The hint how a name is written that was taken for something else: in backticks if it is no plain word.
public func adviceOnQuotedName(_ name: String) -> Diagnostic.Suggestion {
  let printed = printedName(name)
  return printed == name ? "the column is written without quotes: \(name)" : "a name like this stands in backticks: \(printed)"
}

/// The name in backticks.
func printedQuotedName(_ name: String) -> String {
  "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
}

/// The text as a string literal in double quotes.
public func printedString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7F {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}

/// A text that was typed without quotes; one that ends with a backslash gets them, since a line end may follow it.
func printedBare(_ text: String) -> String {
  text.utf8.last == UInt8(ascii: "\\") ? printedString(text) : text
}
