// What the language takes for a name, for others who have to tell.

/// Whether a text is a name that needs no quotes; words of the language are names too.
public func isName(_ text: String) -> Bool { text.utf8.first?.startsName == true && text.utf8.allSatisfy(\.continuesName) }

/// Whatever could be a name in a text: names stand in it with signs and spaces between them.
public func nameWords(of text: String) -> Set<String> {
  Set(text.utf8.split { !$0.continuesName }.map { String(decoding: $0, as: UTF8.self) })
}
