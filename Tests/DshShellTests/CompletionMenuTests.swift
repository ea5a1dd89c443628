// The list of completions: what Tab inserts, how one is chosen, how the list is drawn.

import DshLanguage
import Testing

@testable import DshShell

@Suite struct CompletionChoiceTests {
  private func list(_ names: String...) -> CompletionList {
    CompletionList(range: 0..<2, items: names.map { CompletionItem($0, "about \($0)") })
  }

  @Test func onlyOne() {
    #expect(chooseCompletion(list("filter"), in: EditedLine("fi")) == .insert(EditedLine("filter ")))
    #expect(chooseCompletion(list("first("), in: EditedLine("fi")) == .insert(EditedLine("first(")))
    #expect(chooseCompletion(list("filter"), in: EditedLine("fi x", cursor: 2)) == .insert(EditedLine("filter x", cursor: 6)))
    #expect(chooseCompletion(CompletionList(range: 0..<0, items: []), in: EditedLine("fi")) == .nothing)
  }

  @Test func whatTheyShare() {
    guard case .list(let line, var menu) = chooseCompletion(list("filter", "filter_more"), in: EditedLine("fi")) else {
      Issue.record("no list")
      return
    }
    #expect(line == EditedLine("filter"))
    #expect(menu.items.map(\.text) == ["filter", "filter_more"])
    menu.step(-1)
    #expect(menu.line == EditedLine("filter_more") && menu.accepted == EditedLine("filter_more "))
  }

  @Test func whatOnlyResemblesIsNotInserted() {
    let list = CompletionList(range: 0..<2, items: [CompletionItem("filter")], isExact: false)
    guard case .list(let line, var menu) = chooseCompletion(list, in: EditedLine("lt")) else {
      Issue.record("no list")
      return
    }
    #expect(line == EditedLine("lt"))
    menu.step(1)
    #expect(menu.accepted == EditedLine("filter "))
  }

  @Test func fuzzyOnesReplaceNothing() {
    guard case .list(let line, _) = chooseCompletion(list("xfi", "yfi"), in: EditedLine("fi")) else { return #expect(Bool(false)) }
    #expect(line == EditedLine("fi"))
  }
}

@Suite struct CompletionMenuTests {
  private func menu(_ count: Int) -> CompletionMenu {
    let items = (0..<count).map { CompletionItem("column_with_a_long_name_\($0)", "int64, of a file with a long name") }
    return CompletionMenu(items, replacing: 5..<5, in: EditedLine("drop "))
  }

  @Test(arguments: [20, 40, 80, 200]) func rowsFitTheWidth(width: Int) {
    for color in [false, true] {
      let rows = menu(30).rows(width: width, limit: 10)
      #expect(rows.count == 10)
      #expect(rows.allSatisfy { $0.width(usesColor: color) < width })
      #expect(rows.last?.description == "… 21 more")
    }
  }

  @Test func theChosenOneIsAlwaysShown() {
    var menu = menu(30)
    for step in 0..<65 {
      menu.step(1)
      #expect(menu.selection == step % 30)
      #expect(menu.rows(width: 60, limit: 7).count(where: \.isSelected) == 1)
    }
    for _ in 0..<40 {
      menu.step(-1)
      #expect(menu.rows(width: 60, limit: 7).count(where: \.isSelected) == 1)
    }
  }

  @Test func keysWhileItIsOpen() {
    var model = EditorModel(history: History(["old"]))
    func press(_ key: EditorKey, _ line: EditedLine) -> EditorAction { model.handle(key, line) { _ in .complete } }
    let line = EditedLine("drop ")
    model.open(menu(3))
    #expect(press(.complete, line) == .show(EditedLine("drop column_with_a_long_name_0")))
    #expect(press(.down, line) == .show(EditedLine("drop column_with_a_long_name_1")))
    #expect(press(.up, line) == .show(EditedLine("drop column_with_a_long_name_0")))
    #expect(press(.completeBackward, line) == .show(EditedLine("drop column_with_a_long_name_2")))
    // Enter takes the choice; only the next one runs the statement.
    #expect(press(.enter, line) == .show(EditedLine("drop column_with_a_long_name_2 ")))
    #expect(model.menu == nil)
    #expect(press(.enter, EditedLine("drop x")) == .accept("drop x"))
    model.open(menu(3))
    #expect(press(.enter, EditedLine("drop x")) == .accept("drop x"))
    model.open(menu(3))
    _ = press(.complete, line)
    #expect(press(.dismiss, line) == .show(line))
    model.open(menu(3))
    #expect(press(.up, line) == .show(EditedLine("old")))
  }
}
