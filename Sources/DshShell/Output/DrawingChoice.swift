// Decides whether drawings are made of Unicode characters.

/// Whether drawings may be made of Unicode characters.
///
/// Text always is UTF-8; but a locale that names another character set, or none of the large ones as `C` does, tells of a terminal or font
/// without such drawings. No locale at all tells nothing, as in most containers.
public func usesUnicode(environment: (String) -> String?) -> Bool {
  guard let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first(where: { !$0.isEmpty }) else { return true }
  let lowered = locale.lowercased()
  return lowered.hasSuffix("utf-8") || lowered.hasSuffix("utf8")
}
