import DxshSyntax
import Testing

/// How much is done to guess what misspelt words mean.
struct GuessesTests {
  private let names = (0..<1_000).map { "step_\(10_000 + $0)" }

  @Test func aSlipIsGuessed() {
    var guesses = Guesses()
    #expect(guesses.nearest(to: "stepp_10042", among: names) == "step_10042")
    #expect(guesses.nearest(to: "setp_10042", among: names) == "step_10042")
    #expect(guesses.nearest(to: "unlike", among: names) == nil)
    #expect(guesses.nearest(to: "step_10042", among: ["step_10042"]) == nil)
  }

  /// A word that has nothing in common with the others costs little more than looking at their lengths.
  @Test func whatIsUnlikeIsSoonLeft() {
    var guesses = Guesses(limit: 5_000)
    #expect(guesses.nearest(to: "a_word_that_is_longer_than_all_of_them", among: names) == nil)
    #expect(guesses.nearest(to: "no", among: names) == nil)
    #expect(!guesses.isSpent)
    #expect(guesses.nearest(to: "stepp_10042", among: names) == "step_10042")
  }

  /// However many words there are, the work ends at the limit and what one more guess takes.
  @Test func workEndsAtTheLimit() {
    var guesses = Guesses(limit: 100_000)
    let guessed = (0..<1_000).filter { guesses.nearest(to: "stepp_\(10_000 + $0)", among: names) != nil }
    #expect(guesses.isSpent)
    #expect(guessed == Array(0..<guessed.count))
    #expect(!guessed.isEmpty && guessed.count < 100)
  }
}
