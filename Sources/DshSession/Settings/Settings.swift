// The settings of a session: one registry feeds `set`, completion, help and the reference.

import DshDiagnostics
import DshPlan

/// The values of all settings.
public struct Settings: Sendable, Equatable {
  /// Columns of terminal that tables fill; 0 means as wide as they get, nil what the terminal has.
  public var width: Int?
  /// Whether times stand under results.
  public var timing = true
  /// `take_all` refuses beyond so many bytes.
  public var maxBytes = 256 << 20
  /// Rows of a batch inside a task.
  public var batchRows = 8192
  /// Rules that are switched off.
  public var disabledRules: Set<String> = []

  public init() {}
}

/// One setting: its name, documentation, and how text reads and writes it.
public struct Setting: Sendable {
  public let name: String
  public let placeholder: String
  public let summary: String
  public let read: @Sendable (Settings) -> String
  /// Changes the setting; false if the text is not a value of it.
  public let write: @Sendable (inout Settings, String) -> Bool
}

/// All settings, in the order in which `set` lists them.
public enum SettingRegistry {
  public static let all: [Setting] = [width, timing, maxBytes, batchRows, rulesOff]

  public static func setting(named name: String) -> Setting? { all.first { $0.name == name } }

  private static let width = Setting(
    name: "width", placeholder: "N", summary: "Columns of terminal that tables fill; 0 shows all, auto follows the terminal",
    read: { $0.width.map(String.init) ?? "auto" },
    write: { settings, text in
      if text == "auto" {
        settings.width = nil
        return true
      }
      guard let width = Int(text), width >= 0, width <= 100_000 else { return false }
      settings.width = width
      return true
    })

  private static let timing = Setting(
    name: "timing", placeholder: "on|off", summary: "Whether times stand under results on a terminal",
    read: { $0.timing ? "on" : "off" },
    write: { settings, text in
      guard text == "on" || text == "off" else { return false }
      settings.timing = text == "on"
      return true
    })

  private static let maxBytes = Setting(
    name: "max-bytes", placeholder: "SIZE", summary: "take_all refuses to bring more bytes than this to the shell",
    read: { String($0.maxBytes) },
    write: { settings, text in
      guard let bytes = parseSizeText(text) else { return false }
      settings.maxBytes = bytes
      return true
    })

  private static let batchRows = Setting(
    name: "batch-rows", placeholder: "N", summary: "Rows that flow through a task at once; changes speed, never results",
    read: { String($0.batchRows) },
    write: { settings, text in
      guard let rows = Int(text), rows >= 1, rows <= 1 << 20 else { return false }
      settings.batchRows = rows
      return true
    })

  private static let rulesOff = Setting(
    name: "rules-off", placeholder: "NAME,…|none",
    summary: "Rules of the optimizer that are switched off, none for no rule: \(Optimizer.rules.map(\.name).joined(separator: ", "))",
    read: { $0.disabledRules.isEmpty ? "none" : $0.disabledRules.sorted().joined(separator: ",") },
    write: { settings, text in
      if text == "none" {
        settings.disabledRules = []
        return true
      }
      let names = text.split(separator: ",").map(String.init)
      guard names.allSatisfy({ name in Optimizer.rules.contains { $0.name == name } }) else { return false }
      settings.disabledRules = Set(names)
      return true
    })
}
