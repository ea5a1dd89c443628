// The list of codes: names are unique and well formed, none is missing in it, and each is used.
import DshDiagnostics
import Foundation
import Testing

@Suite struct DiagnosticCodeTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardizedFileURL

  /// The texts of all source files: those with the list, and the others.
  private static let texts: (list: [String], others: [String]) = {
    var texts: (list: [String], others: [String]) = ([], [])
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    for file in files where file.pathExtension == "swift" {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      if file.path.contains("DshDiagnostics/Codes/") { texts.list.append(text) } else { texts.others.append(text) }
    }
    return texts
  }()

  /// The members declared in the list, with their names.
  private static let declared: [(member: String, name: String)] = texts.list.flatMap { text in
    text.components(separatedBy: "public static let ").dropFirst().compactMap { part in
      let pieces = part.components(separatedBy: "\"")
      guard part.contains("= DiagnosticCode("), pieces.count > 1 else { return nil }
      return (String(part.prefix { $0 != " " }), pieces[1])
    }
  }

  @Test func everyDeclaredCodeIsInTheList() {
    #expect(Self.declared.map(\.name).sorted() == DiagnosticCode.all.map(\.name).sorted())
    for (member, name) in Self.declared { #expect(member.lowercased() == name.filter { $0 != "-" }, "\(member)") }
  }

  @Test func everyCodeIsUsed() {
    var members: Set<Substring> = []
    for text in Self.texts.others {
      for part in text.split(separator: ".") { members.insert(part.prefix { $0.isLetter || $0.isNumber }) }
    }
    for (member, _) in Self.declared { #expect(members.contains(member[...]), "\(member)") }
  }

  @Test(arguments: DiagnosticCode.all.map(\.name))
  func codesSayWhatTheyMean(_ name: String) {
    let code = DiagnosticCode(named: name)
    #expect(name.allSatisfy { ($0.isLowercase && $0.isASCII) || $0.isNumber || $0 == "-" })
    #expect(code?.name == name && code?.summary.isEmpty == false && code?.summary.hasSuffix(".") == false)
  }
}
