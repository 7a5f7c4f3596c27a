# What the pages say. One message a line; names in alphabetical order within a part.

## The frame
skip = Skip to the content
switch-to = Open the record of
sign-out = Sign out
nav-label = Parts of the record
nav-access = Who looked
nav-export = Take it with you
nav-history = Changes
nav-home = Home
nav-import = Bring in
foot = Everything here stays on this installation. Nothing is loaded from anywhere else.

## The door
front-title = Welcome
front-heading = A health history that is yours
front-text = This is a Mecum installation: it keeps the health records of the people who live with it.
front-how = Whoever looks after this installation can make you a link to sign in, with this command:
front-program = Programs speak FHIR at
sign-in-title = Sign in
sign-in-heading = Open your record
sign-in-text = This link opens a health record in this browser.
sign-in-button = Open the record
sign-in-once = The link works once. You can sign out at any time; you are signed out by yourself after an hour without use.

## Home
home-title = Home

## Trouble
trouble-home = Go to the start
trouble-signed-out-title = You are not signed in
trouble-signed-out-text = This page shows somebody's health record, and your session has ended or has not begun.
trouble-signed-out-advice = Ask whoever looks after this installation for a new sign-in link.
trouble-not-here-title = There is nothing here
trouble-not-here-text = This page does not exist, or it is not in a record that you may open.
trouble-not-here-advice = Check the address, or begin again at the start.
trouble-link-spent-title = This link does not work any more
trouble-link-spent-text = A sign-in link works once, within ten minutes.
trouble-link-spent-advice = Ask for a new one: mecum sign-in --record NAME
trouble-foreign-form-title = That form was not sent
trouble-foreign-form-text = It did not come from a page of your present session, so nothing was changed.
trouble-foreign-form-advice = Go back, load the page again, and send the form once more.
trouble-busy-title = Too much at once
trouble-busy-text = Others are being served right now.
trouble-busy-advice = Try again in a moment.
trouble-broken-title = Something went wrong here
trouble-broken-text = A fault of this installation kept the page from being made. Nothing of yours was changed.
trouble-broken-advice = Try again; if it stays so, whoever looks after the installation finds the reason in its log.
trouble-deleted-title = This was deleted
trouble-deleted-text = It is no longer part of the record; its history still tells what it was.
trouble-deleted-advice = Look at the history of changes.
trouble-not-understood-title = That was not understood
trouble-not-understood-text = What the page was asked for does not make sense here.
trouble-not-understood-advice = Go back and try another way.
trouble-forbidden-title = That is not allowed
trouble-forbidden-text = You are signed in, but this cannot be done with the access you have.
trouble-forbidden-advice = Whoever looks after this installation can do it at the command line.
trouble-conflict-title = Something else came first
trouble-conflict-text = The record is being changed at the same time.
trouble-conflict-advice = Load the page again to see how it stands now.
trouble-too-large-title = That is too large
trouble-too-large-text = It is more than can be taken here at once.
trouble-too-large-advice = Bring it in at the command line: mecum import FILE --record NAME
trouble-full-title = The disk is full
trouble-full-text = There is no room left where the records are kept. Nothing of yours was lost.
trouble-full-advice = Whoever looks after this installation has to make room; then try again.

## Dates
date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
when-since = since { $start }
when-until = until { $end }
when-between = { $start } to { $end }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## An entry
entry-contained = Part of this entry:
entry-cut = There is more: the raw text below has all of it.
entry-content-inside = (content inside)
entry-facts = What it says
entry-narrative = In the words of the source
entry-origin = Where it came from
entry-origin-source = Source
entry-origin-file = File
entry-origin-one-of = One of these files
entry-origin-line = Line or entry of the file
entry-origin-when = Brought in
entry-origin-who = By
entry-origin-repaired = Repaired
entry-origin-as-it-came = Nothing: it is as it came.
entry-origin-here = Entered here, not imported.
entry-versions = Versions
entry-version = Version { $version }
entry-version-shown = shown here
entry-version-deletion = deleted
entry-changed = What changed in version { $version }
entry-changed-help = The version before on the one side, this one on the other. What is not listed is the same in both.
entry-no-differences = Nothing differs from the version before.
entry-was-deleted = Version { $version } was a deletion; this version brought the entry back. It is compared with what was deleted.
entry-looked = Who looked at it
entry-looked-all = All who looked at this entry
entry-looked-none = Nobody has looked at it lately.
difference-where = What
difference-nothing = nothing
difference-added = added
difference-removed = removed
difference-changed = changed
difference-version = Version { $version }
entry-raw = Raw FHIR text
entry-old = This is an older version. Look at the current one.
entry-in-error = This was entered in error, says its source. Do not rely on it.
entry-refuted = This was said not to be so, or not to be done.

## Charts
chart-label = Chart of { $what } over time; the table has the same values.

## Kinds of entries
kinds-label = Kinds of entries
kind-problems = Problems
kind-problems-help = Illnesses, symptoms and other concerns that somebody wrote down.
kind-medications = Medications
kind-medications-help = What was prescribed, handed out, given, or said to be taken.
kind-allergies = Allergies
kind-allergies-help = What is not tolerated, and what was thought not to be and turned out to be harmless.
kind-immunizations = Immunizations
kind-immunizations-help = Vaccines given, and those recommended.
kind-results = Results
kind-results-help = What laboratories and examinations found, and their reports.
kind-vitals = Vital signs
kind-vitals-help = Blood pressure, pulse, weight, temperature and the like.
kind-lifestyle = Daily life
kind-lifestyle-help = Activity, sleep, habits and questionnaires about them.
kind-procedures = Procedures
kind-procedures-help = Operations, examinations and treatments, done or ordered.
kind-visits = Visits
kind-visits-help = Visits to doctors and hospitals, and appointments.
kind-documents = Documents and images
kind-documents-help = Letters, reports, images and forms.
kind-plans = Care plans and goals
kind-plans-help = What was planned, who takes part, and what is to be reached.
kind-family = Family
kind-family-help = Illnesses in the family, and relatives who take part.
kind-devices = Devices
kind-devices-help = Devices worn, implanted or used for measuring.
kind-people = People and organizations
kind-people-help = Who this record is about, and who took care.
kind-insurance = Insurance
kind-insurance-help = Coverage, claims and what was paid.
kind-other = Other
kind-other-help = Everything that is in none of the other lists.

## Timeline and lists
nav-timeline = Timeline
timeline-title = Timeline
timeline-help = Everything that has a date, newest first. A date that is only a month or a year is shown as that.
timeline-undated = Without a date
jump-label = Jump to a date
jump-button = Jump
jump-wrong = A date is a year, a month or a day: 2019, 2019-05 or 2019-05-17.
lines-none = Nothing here.
lines-none-import = Bring in a file
page-first = Back to the newest
page-next = Older
page-undated = Entries without a date

## Home again
home-born = born { $date }
home-disputed = Said not to be so, or entered in error. They stay in the record, and nothing should rely on them:
home-empty = This record is empty. It fills when you bring in a file that a hospital, a practice, an app or a device gave you.
home-fill = Bring in a file
home-last = Brought in last
home-review = Needs a look
home-review-none = Nothing: the last files came in whole, and nothing in them was refuted.
concern-failed = the files were not taken in
concern-faulty = { $n ->
    [one] one entry breaks a rule of the format
   *[other] { $n } entries break a rule of the format
}
concern-kept-aside = { $n ->
    [one] one line could not be read and is kept aside
   *[other] { $n } lines could not be read and are kept aside
}
concern-repaired = { $n ->
    [one] one small mistake of form was put right
   *[other] { $n } small mistakes of form were put right
}
concern-truncated = the file does not end as it should
concern-unresolved = { $n ->
    [one] one reference leads nowhere
   *[other] { $n } references lead nowhere
}
home-all = all
home-everything = Everything
home-allergies = Allergies
home-allergies-none = No allergy is written down. That does not mean there is none.
home-problems = Current problems
home-problems-none = No current problem is written down.
home-medications = Current medications
home-medications-none = No current medication is written down.
home-results = Latest results
home-results-none = No laboratory result yet.
home-vitals = Latest vital signs
home-vitals-none = No blood pressure, weight or other vital sign yet.

## Trends
entry-trend = Over time
trend-kind = Over time
trend-cut = Only the newest values are shown here.
trend-units = Values in different units are shown apart and never mixed.
trend-table = The values, newest first
trend-when = When
trend-value = Value
trend-range = Reference range
trend-more = { $n ->
    [one] One older value is in the chart and not in the table.
   *[other] { $n } older values are in the chart and not in the table.
  }
trend-others = Without a number

## Attached files
file-download = Download

## Pages of a list
form-wrong = Something in the form is not right yet; it is said beside the field.
more-of-them = and { $n } more
page-more = More
page-newest = To the newest
page-older = Older ones

## People and programs
who-app = The program { $name }
who-holder = { $name } (signed in here)
who-job = This installation itself ({ $name })
who-operator = { $name } (at the command line)
who-other = { $name }
who-system = The system { $name }

## The history
act-create = something added
act-delete = something deleted
act-import = files brought in
act-revert = something taken back
act-transaction = several changes at once
act-update = something changed
change-created = new
change-deleted = deleted
change-updated = changed
commit-after = Now
commit-before = Before
commit-changes = What it changed
commit-cut = There is more that changed in this entry than is shown here.
commit-no-changes = Nothing that this page could show.
commit-proof = Proof
commit-proof-text = The place of this change in the chain of all changes, and the fingerprint of everything up to it. Noted elsewhere, it proves later that nothing before was altered.
commit-reverts = This takes back change { $number }.
commit-title = Change { $number }
commit-undone-by = This was taken back by change { $number }.
commit-whole = All of it
history-empty = Nothing was changed yet.
history-size = { $n ->
    [one] one entry
   *[other] { $n } entries
}
history-text = Every change to this record, the newest first. Each can be looked at and taken back; nothing is ever lost.
undo-back = Go back
undo-button = Take this back
undo-commit = Take back change { $number }?
undo-confirm = Yes, take it back
undo-import = Take back import { $number }?
undo-kept = What was changed again since stays as it is, and you are told which entries those are.
undo-text = What it added is deleted, what it changed becomes what it was before. This is a change of its own and can itself be taken back.
undone-deleted = { $n ->
    [one] One entry that was not there before is deleted.
   *[other] { $n } entries that were not there before are deleted.
}
undone-kept = { $n ->
    [one] One entry was changed since and stays as it is.
   *[other] { $n } entries were changed since and stay as they are.
}
undone-kept-text = Somebody changed these after it, so they were left alone. Look at each to decide.
undone-kept-title = What stays
undone-look = See what this changed
undone-nothing = There was nothing left to take back.
undone-restored = { $n ->
    [one] One entry is again what it was before.
   *[other] { $n } entries are again what they were before.
}
undone-title = It is taken back
verified-blobs = Files kept
verified-commits = Changes in the chain
verified-lines = Lines of the log of who looked
verified-note = Note this somewhere else, on paper or in a message to yourself. If it is entered here later, even a record that was replaced as a whole shows.
verified-not = Something is not as it was written
verified-not-text = The record or its log was altered or is damaged. Whoever looks after this installation should see this page, and has backups.
verified-seen = What was checked
verified-versions = Versions of entries
verified-whole = Everything is as it was written
verified-whole-text = Every entry, every earlier version, every change and every line of the log was computed anew and matches its proof.
verify-button = Check now
verify-head = Proof noted earlier
verify-head-held = The record holds the proof you noted: everything up to it is as it was then.
verify-head-help = If you noted a proof some time ago, e.g. 12:9f86…, enter it here. May stay empty.
verify-head-other = The record does not hold the proof you noted: its history was written anew.
verify-head-shorter = The record ends before the proof you noted: it was set back to an earlier state.
verify-head-wrong = This is no proof: it is a number, a colon, and 64 digits and letters from a to f.
verify-long = A large record takes a while.
verify-text = All changes form a chain in which each link carries a fingerprint of all before it. This computes them anew and compares.
verify-title = Check that nothing was altered

## Who looked
access-all = Show your own looks too
access-broke-off = { $who }: what was being sent broke off after { $n ->
    [one] one entry
   *[other] { $n } entries
}
access-closed = { $who } was done after { $n ->
    [one] one entry
   *[other] { $n } entries
}
access-denied = { $who } was refused: { $reason }
access-empty = Nobody has looked yet.
access-entry-back = Back to the entry
access-entry-looked = { $who } looked at it: { $what }
access-entry-maybe = { $who } may have received it, among what went out as a whole
access-entry-text = Everybody who looked at this one entry or received it; the newest first. What went out in lists that are too long to name every entry, or as a whole, may have held it and is marked so.
access-entry-went-out = { $who } received it: { $what }
access-event = { $who }: { $event }
access-looked = { $who } looked at the record { $n ->
    [0] {""}
    [one] (one entry)
   *[other] ({ $n } entries)
}
access-mark-event = event
access-mark-out = given out
access-mark-own = own look
access-mark-refused = refused
access-only-others = Leave out your own looks
access-open = Nothing says how this ended: they may have seen anything their grant admits.
access-opened = { $who } began to read: { $what }
access-page = the page “{ $page }”
access-page-entry = the page of an entry ({ $type })
access-requests = { $n ->
    [one] What was asked
   *[other] What was asked ({ $n } times)
}
access-times = { $n ->
    [one] (once)
   *[other] ({ $n } times)
}
access-text = Everything that left this record, who it went to, and what was refused; the newest first. What you look at yourself is marked as your own look and is no disclosure.
access-whole = The whole log
access-went-out = { $who } received { $n ->
    [one] one entry
   *[other] { $n } entries
}

## Bringing files in
count-aside = { $n ->
    [one] One line is no health data that can be read; it is kept aside.
   *[other] { $n } lines are no health data that can be read; they are kept aside.
}
count-created = { $n ->
    [one] One new entry
   *[other] { $n } new entries
}
count-faulty = { $n ->
    [one] One entry breaks a rule of the format and is kept as it is
   *[other] { $n } entries break a rule of the format and are kept as they are
}
count-generated = { $n ->
    [one] One line that an earlier export had added
   *[other] { $n } lines that an earlier export had added
}
count-lines = { $n ->
    [one] One line read
   *[other] { $n } lines read
}
count-media = { $n ->
    [one] One image or document that came along
   *[other] { $n } images or documents that came along
}
count-sender = { $n ->
    [one] One line in which the sender says what it could not write
   *[other] { $n } lines in which the sender says what it could not write
}
count-unchanged = { $n ->
    [one] One line that is known already
   *[other] { $n } lines that are known already
}
count-unresolved = { $n ->
    [one] One reference that leads nowhere
   *[other] { $n } references that lead nowhere
}
count-updated = { $n ->
    [one] One new version of an entry
   *[other] { $n } new versions of entries
}
format-age = sealed file (age)
format-empty = empty
format-gzip = compressed file (gzip)
format-json = FHIR JSON
format-jwe = sealed file (JWE)
format-ndjson = FHIR, one entry a line
format-openpgp = OpenPGP, which is not supported
format-unknown = not a kind of file that is known here
format-zip = archive (ZIP or .sphr)
import-broke-off = The files did not arrive whole. Choose them again.
import-broken = A fault of this installation kept the files from being read. Nothing was changed.
import-files = Files
import-files-help = .phr, .sphr, FHIR JSON, NDJSON and Bundles, compressed or in a ZIP. You can also drop them here.
import-full = There is no room left where the records are kept. Nothing was changed.
import-later = The record is being changed by something else right now. Look again in a moment.
import-list = What was brought in
import-list-empty = Nothing was brought in yet.
import-look = See what they would do
import-no-file = Choose at least one file.
import-others = These files are about somebody else than the person of this record, at least in part. Nothing was changed. If these people belong here, whoever looks after this installation can bring the files in at the command line.
import-refused = These files cannot be brought in as they are. Nothing was changed.
import-source-wrong = Give the source a name of at most 200 characters.
import-state-done = in the record
import-state-failed = not taken in
import-state-running = being taken in
import-state-unchanged = nothing was new
import-text = Choose the files that a hospital, a practice, an app or a device gave you. You see first what they would do; nothing changes before you say so.
import-too-large = These files are larger than can be brought in here at once: at most 8 GiB. At the command line there is no such bound.
import-too-many = These are too many files at once: at most 50.
import-undone = taken back
job-drop = Leave it
job-kind = What kind of source it is
job-lines = { $n ->
    [one] One line so far
   *[other] { $n } lines so far
}
job-locked = The file is locked
job-look-again = Look again
job-looked = This is what they would do
job-looking = Looking at the files
job-may-leave = You may leave this page; the work goes on.
job-open = Open it
job-passphrase = Passphrase of the file
job-passphrase-help = Whoever gave you the file can tell you. Leave it empty for a file that this record sealed for itself.
job-passphrase-wrong = That passphrase does not open the file.
job-progress = How far it is
job-refused = This cannot be brought in
job-source = Source
job-source-help = Who the files come from. The same name again is the same source, so that what is known already is not taken twice.
job-take = Bring them in
job-taking = Bringing the files in
job-would = If you bring them in
kind-app = an app
kind-device = a device
kind-organization = a hospital, practice, laboratory or insurer
kind-person = a person's own notes
one-aside = Download what was kept aside
one-changes = See what it changed
one-report = Report
one-running = It is being taken in, or this installation was stopped meanwhile; then nothing of it stays.
one-title = Import { $number }
repair-code-given-system = a bare code was given the list it is from
repair-database-id-dropped = a number of the sender's database was left out
repair-empty-dropped = an empty value was left out
repair-milliseconds-to-instant = a time was written as a date and time
repair-null-dropped = a missing value was left out
repair-put-in-array = a single value was put into the list that belongs there
repair-references-to-section = references became the entries of one section
repair-taken-out-of-array = a single value was taken out of its list
size-bytes = { $n ->
    [one] one byte
   *[other] { $n } bytes
}
size-gib = { $n } GiB
size-kib = { $n } KiB
size-mib = { $n } MiB
told-aside = Kept aside
told-aside-text = These lines could not be read as health data. They are in the original file, which is kept as it came.
told-file = File
told-line = Line
told-notes = Notes on single lines
told-repairs = Repaired
told-repairs-text = Small, unambiguous mistakes of form that were put right. The original file is kept as it came.
told-truncated = The file does not end as it should: the rest may be missing.
told-types = By kind
told-what = What was found
told-why = Why

## Carrying the record away
export-again = The same passphrase again
export-again-help = So that a slip of the finger does not lock you out.
export-button = Fetch the file
export-dates = From when to when (may stay empty)
export-end = To
export-end-help = As for the first date; it counts whole.
export-format = What kind of file
export-format-bundle = FHIR document
export-format-bundle-help = One JSON file (a Bundle) for programs that want it so; up to 100,000 entries, without large images.
export-format-ndjson = FHIR lines (NDJSON)
export-format-ndjson-help = The same lines as a .phr file, under the name that data tools expect.
export-format-phr = Health record (.phr)
export-format-phr-help = Everything, one entry a line, readable by any program that knows FHIR. It is not sealed.
export-format-sphr = Sealed health record (.sphr)
export-format-sphr-help = Everything with its images and documents, in one archive that can be locked.
export-format-wrong = Choose one of these.
export-passphrase = Your passphrase
export-passphrase-differs = The two passphrases are not the same.
export-passphrase-help = At least 24 characters, e.g. six words that do not belong together. Nobody can open the file without it.
export-passphrase-missing = Type the passphrase that is to lock the file, or choose another way below or above.
export-seal = How a sealed health record (.sphr) is locked
export-seal-chosen = With a passphrase of mine
export-seal-chosen-help = Type it below, twice.
export-seal-open = Not at all
export-seal-open-help = Whoever gets the file can read all of it.
export-seal-own = With the passphrase of this record
export-seal-own-help = Whoever looks after this installation can tell it: mecum record passphrase NAME
export-seal-wrong = Choose one of these.
export-start = From
export-start-help = A year, a month or a day: 2024, 2024-03 or 2024-03-05. Entries without a date go along.
export-text = Take the whole record with you, or what belongs to a stretch of time. What you fetch is noted in the log of who looked.

## Search
nav-search = Search
search-title = Search
search-label = Words
search-button = Search
search-help = Names, codes, texts and notes of this record. All words must occur; the last one may be a beginning of three letters or more.
search-none = Nothing was found.
search-none-advice = Nothing in this record has all of these words. Try one word alone, its beginning, or the name another hospital might use; a list of everything is in the timeline.
search-total = { $n ->
    [0] Nothing was found.
    [one] One entry was found.
   *[other] { $n } entries were found.
  }
search-wrong = Type a word of at least three letters, or several words.
search-next = More
