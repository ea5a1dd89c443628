// The setting `rules-off`.

import DshDiagnostics
import DshPlan

extension Setting {
  static let rulesOff = Setting(
    name: "rules-off", placeholder: "NAME,…|none",
    summary: "Rules of the optimizer that are switched off", example: "rules: \(Optimizer.ruleNames.joined(separator: ", "))",
    read: { $0.disabledRules.isEmpty ? "none" : $0.disabledRules.sorted().joined(separator: ",") },
    write: { settings, text in
      if text == "none" {
        settings.disabledRules = []
        return true
      }
      let names = text.split(separator: ",").map(String.init)
      guard names.allSatisfy({ name in Optimizer.ruleNames.contains(name) }) else { return false }
      settings.disabledRules = Set(names)
      return true
    })
}
