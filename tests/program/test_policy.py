#!/usr/bin/env python3
"""`tenure policy`: what it writes keeps to its schema, finds published policies, does not depend on threads, and refuses
what it cannot decide."""

from program_runner import BAD_INPUT, BAD_USAGE, DIVERGENT, LIMIT, MAILING, ProgramTest, main, model


def puts(source, target, probability, cash_flow=None):
    text = f'[[action.effect]]\ntransition = ["{source}", "{target}"]\nprobability = {probability}\n'
    return text + (f"cash_flow = {cash_flow}\n" if cash_flow is not None else "")


def for_ever(states, transitions, actions, discount_factor):
    return model(states, transitions, actions, '"infinite"', f"discount_rate = {1 / discount_factor - 1}")


# Howard (1960): what a move earns falls at the end of the year, and is given as 1/.9 of his
TOYMAKER = for_ever([("favour", "servicing", 0), ("disfavour", "dormant", 0)],
                    [("favour", "favour", 0.5, f"cash_flow = {9 / 0.9}"), ("favour", "disfavour", 0.5, f"cash_flow = {3 / 0.9}"),
                    ("disfavour", "favour", 0.4, f"cash_flow = {3 / 0.9}"),
                    ("disfavour", "disfavour", 0.6, f"cash_flow = {-7 / 0.9}")],
                   '[[action]]\nname = "advertise"\nin = ["favour"]\n' +
                   puts("favour", "favour", 0.8, 4 / 0.9) + puts("favour", "disfavour", 0.2, 4 / 0.9) +
                   '[[action]]\nname = "research"\nin = ["disfavour"]\n' +
                   puts("disfavour", "favour", 0.7, 1 / 0.9) + puts("disfavour", "disfavour", 0.3, -19 / 0.9), 0.9)
# MDPtoolbox's forest: r1 = 4, r2 = 2, p = .1
FOREST = for_ever([("0", "servicing", 0), ("1", "servicing", 0), ("2", "servicing", 4)],
                 [("0", "0", 0.1), ("0", "1", '"rest"'), ("1", "0", 0.1), ("1", "2", '"rest"'), ("2", "0", 0.1), ("2", "2", '"rest"')],
                 '[[action]]\nname = "cut"\nin = ["0", "1", "2"]\n' + puts("0", "0", 1) + puts("1", "0", 1) + puts("2", "0", 1) +
                 '[[action.effect]]\nstate = "1"\ncash_flow = 1\n[[action.effect]]\nstate = "2"\ncash_flow = 2\n', 0.9)
# Puterman (1994), 3.1
PUTERMAN = for_ever([("s1", "servicing", 10), ("s2", "dormant", -1)], [("s1", "s2", 1), ("s1", "s1", 0)],
                   '[[action]]\nname = "a11"\nin = ["s1"]\n[[action.effect]]\nstate = "s1"\ncash_flow = 5\n' + puts("s1", "s1", 0.5), 0.95)
# everything at once, over a finite horizon
RICH = model(
    [("guest", "servicing", 50, 'dwell = { distribution = "fixed", periods = 3 }'), ("regular", "servicing", 80), ("gone", "lost", 0)],
    [("guest", "regular", 0.5), ("guest", "gone", '"rest"'), ("regular", "gone", 0.2)],
    '[[referral]]\nfrom = "regular"\nto = "guest"\nper_period = 0.1\n'
    '[[arrivals]]\nstate = "guest"\nper_period = 10\n'
    '[[segment]]\nname = "=here"\nshare = 0.4\n[[segment]]\nname = "there"\nshare = 0.6\n'
    '[[segment.transition]]\nfrom = "regular"\nto = "gone"\nprobability = 0.5\n'
    '[environment]\nstates = ["calm", "war"]\nstart = "calm"\nmatrix = [[0.9, 0.1], [0.5, 0.5]]\n'
    '[[environment.effect]]\nwhen = "war"\ntransition = ["regular", "gone"]\nodds = 3\n'
    '[[lever]]\nname = "lounge"\nkind = "retention"\nwhile_in = ["regular"]\n'
    '[[lever.effect]]\ntransition = ["regular", "gone"]\nlimit = 0.1\nhalf_spend = 5\n'
    '[[action]]\nname = "hurry"\nin = ["guest"]\ncost = 1\n[[action.effect]]\ndwell = "guest"\nfactor = 3\n'
    '[[action]]\nname = "hold"\nin = ["regular", "guest"]\ncost = { schedule = [9, 8, 7] }\nsegments = ["there"]\n' +
    puts("regular", "gone", 0.1) + puts("guest", "regular", 0.8) +
    '[[action.effect]]\nreferral = ["regular", "guest"]\nper_period = 0.2\n'
    '[[scenario]]\nname = "baseline"\n[[scenario]]\nname = "farm"\nspend = { lounge = 5 }\n',
    8, "discount_rate = 0.1")


class Policy(ProgramTest):
    def actions(self, document):
        return {row["state"]: row["action"] for row in document["policy"]}

    def test_howards_toymaker(self):
        document = self.document("policy", "-", stdin=TOYMAKER)
        self.assertAlmostEqual(document["values"]["favour"], 22.1978, delta=5e-5)
        self.assertAlmostEqual(document["values"]["disfavour"], 12.3077, delta=5e-5)
        self.assertEqual(self.actions(document), {"favour": "advertise", "disfavour": "research"})
        self.assertIsNone(document["customer_equity"])
        self.assertLess(document["bound"], 1e-11)

    def test_the_forest(self):
        document = self.document("policy", "-", stdin=FOREST)
        for age, value in (("0", 26.244), ("1", 29.484), ("2", 33.484)):
            self.assertAlmostEqual(document["values"][age], value, delta=5e-4)
        self.assertEqual(set(self.actions(document).values()), {"nothing"})

    def test_putermans_two_states(self):
        document = self.document("policy", "-", stdin=PUTERMAN)
        self.assertAlmostEqual(document["values"]["s1"], -8.5714, delta=5e-5)
        self.assertAlmostEqual(document["values"]["s2"], -20, delta=1e-9)
        self.assertEqual(self.actions(document), {"s1": "a11"})

    def test_when_to_stop_writing(self):
        document = self.document("policy", MAILING)
        for name, value in (("bought", 53.1494), ("one year silent", 6.6207), ("two years silent", 2.6437)):
            self.assertAlmostEqual(document["values"][name], value, delta=5e-5)
        self.assertEqual(self.actions(document), {"one year silent": "nothing", "two years silent": "nothing",
                                                  "three years silent": "let go"})
        fixed = {plan["plan"]: plan for plan in document["fixed"]}
        self.assertAlmostEqual(fixed["nothing"]["values"]["bought"], 52.3196, delta=5e-5)
        self.assertEqual(document["best_fixed"], "nothing")
        self.assertAlmostEqual(document["gain"], 1000 * (53.1494 - 52.3196), delta=0.1)

    def test_people_live_under_it(self):
        document = self.document("policy", MAILING, "--people", "200000", "--seed", "3")
        simulated = document["simulated"]
        self.assertEqual((simulated["people"], simulated["seed"], simulated["complete"]), (200000, 3, True))
        self.assertAlmostEqual(simulated["exact_mean"], document["customer_equity"] / 1000, delta=1e-9)
        self.assertLess(abs(simulated["mean"] - simulated["exact_mean"]), 4 * simulated["standard_error"])
        again = self.document("policy", MAILING, "--people", "200000", "--seed", "3", "--threads", "1")
        self.assertEqual(again, document)
        other = self.document("policy", MAILING, "--from", "one year silent", "--people", "1000")
        self.assertAlmostEqual(other["simulated"]["exact_mean"], 6.6207, delta=5e-5)

    def test_everything_at_once(self):
        document = self.document("policy", "-", "--people", "20000", stdin=RICH)
        self.assertEqual(document["scenario"], "baseline")
        self.assertLess(document["bound"], 1e-8)
        best = max(plan["customer_equity"] for plan in document["fixed"] if plan["plan"] != "scenario" or plan["name"] == "baseline")
        self.assertGreater(document["customer_equity"], best)
        simulated = document["simulated"]
        self.assertTrue(simulated["referrals"])
        self.assertLess(abs(simulated["mean"] - simulated["exact_mean"]), 4 * simulated["standard_error"])
        self.assertEqual({row["market"] for row in document["policy"]}, {"calm", "war"})
        held = {row["segment"] for row in document["policy"] if row["action"] == "hold"}
        self.assertEqual(held, {"there"})
        last = [row for row in document["policy"] if row["state"] == "regular" and row["until"] == 8]
        self.assertEqual({row["action"] for row in last}, {"nothing"})  # what it costs cannot come back any more
        self.assertEqual({row["end_effect"] for row in last}, {True})
        self.assertEqual(document["end_effect_from"], min(row["from"] for row in document["policy"] if row["end_effect"]))
        self.assertLess(0, document["end_effect_from"])
        table = self.done("policy", "-", stdin=RICH)
        self.assertIn("nothing †", table.text)
        self.assertIn(f"† From year {document['end_effect_from']} on this is the end's effect", table.words)
        endless = self.document("policy", MAILING)
        self.assertEqual((endless["end_effect_from"], {row["end_effect"] for row in endless["policy"]}), (None, {False}))
        self.assertNotIn("†", self.done("policy", MAILING).text)
        farm = self.document("policy", "-", "--scenario", "farm", stdin=RICH)
        of_farm = [plan["customer_equity"] for plan in farm["fixed"] if plan["name"] == "farm"]
        self.assertAlmostEqual(farm["fixed"][0]["customer_equity"], of_farm[0], delta=1e-8)

    def test_csv_has_a_line_for_each_row(self):
        lines = self.done("policy", "-", "--format", "csv", stdin=RICH).rows
        rows = self.document("policy", "-", stdin=RICH)["policy"]
        self.assertEqual(len(lines), len(rows))
        for line, row in zip(lines, rows):
            self.assertEqual(list(line), list(row))
            self.assertEqual(line["action"], row["action"])
            self.assertEqual(float(line["value"]), row["value"])
            self.assertEqual(line["until"], str(row["until"]))
            self.assertEqual(line["end_effect"], str(row["end_effect"]).lower())
        self.assertEqual(lines[0]["segment"], "'=here")
        raw = self.done("policy", "-", "--format", "csv", "--raw-csv", stdin=RICH)
        self.assertEqual(raw.rows[0]["segment"], "=here")

    def test_the_table_says_what_to_do(self):
        answer = self.done("policy", MAILING)
        for words in ("whom to court, whom to let go", "829.82 USD more than the best plan in which nobody decides",
                      "three years silent   always  Let them go", "Proved:"):
            self.assertIn(words, answer.text)
        self.done("policy", "-", stdin=RICH)

    def test_a_print_reads_back(self):
        for text in (TOYMAKER, FOREST, PUTERMAN, RICH):
            printed = self.done("check", "-", "--format", "toml", stdin=text).out
            self.assertEqual(self.done("check", "-", "--format", "toml", stdin=printed).out, printed)
            self.assertEqual(self.document("policy", "-", stdin=printed), self.document("policy", "-", stdin=text))
            self.document("check", "-", stdin=text)

    def test_other_commands_leave_actions_alone(self):
        without = RICH.split("[[action]]")[0] + "[[scenario]]" + RICH.split("[[scenario]]", 1)[1]
        for command in ("value", "compare"):
            rich, bare = (self.done(command, "-", "--format", "json", stdin=text) for text in (RICH, without))
            self.assertEqual(rich.out, bare.out)

    def test_what_is_refused(self):
        bare = TOYMAKER.split("[[action]]")[0]
        self.assert_refused(BAD_INPUT, "the model offers no actions; list them under [[action]] [no-actions]", "policy", "-", stdin=bare)
        self.assert_refused(BAD_INPUT, 'there is no scenario "fram"; did you mean "farm"?', "policy", "-", "--scenario", "fram", stdin=RICH)
        self.assert_refused(BAD_INPUT, "nobody arrives", "policy", "-", "--simulate", stdin=TOYMAKER)
        self.assert_refused(BAD_USAGE, "--people", "policy", "-", "--people", "0", stdin=TOYMAKER)
        hidden = TOYMAKER.replace("probability = 0.4\n", "probability = { mean = 0.4, differs = { sd = 0.1 } }\n")
        self.assert_refused(LIMIT, "differs from person to person, unseen", "policy", "-", stdin=hidden)
        undiscounted = TOYMAKER.replace(f"discount_rate = {1 / 0.9 - 1}", "discount_rate = 0")
        self.assert_refused(DIVERGENT, "the best policy", "policy", "-", stdin=undiscounted)

    def test_faults_of_files(self):
        action = '[[action]]\nname = "a"\nin = ["s1"]\n'
        for fault, words in (
                ('[[action.effect]]\ncash_flow = 3\n', "it does not say what it puts"),
                ('[[action.effect]]\nstate = "s1"\ndwell = "s1"\n', "it puts several things"),
                ('[[action.effect]]\nstate = "s1"\n', "`cash_flow`"),
                ('[[action.effect]]\nstate = "s1"\ncash_flow = 1\nprobability = 0.5\n', "`probability` goes with transition"),
                ('[[action.effect]]\nstate = "s1"\ncashflow = 1\n', "cash_flow"),
                ('[[action.effect]]\nstate = "s3"\ncash_flow = 1\n', 'there is no state "s3"'),
                ('[[action.effect]]\ntransition = ["s1", "s2"]\n', "it does not say what the transition becomes"),
                ('cost = 1\n', 'the action "a" changes nothing')):
            self.assert_refused(BAD_INPUT, words, "check", "-", stdin=PUTERMAN.split("[[action]]")[0] + action + fault)
        conflict = PUTERMAN.split("[[action]]")[0] + ('[[segment]]\nname = "all"\nshare = 1\n' + action + puts("s1", "s1", 0.4) + puts("s1", "s2", 0.4))
        self.assert_refused(BAD_INPUT, "row-sum", "check", "-", stdin=conflict)


if __name__ == "__main__":
    main()
