# What the pages say. One message a line; names in alphabetical order within a part.

## The frame
skip = Skip to the content
switch-to = Open the record of
sign-out = Sign out
nav-label = Parts of the record
nav-home = Home
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
entry-origin-files = File
entry-origin-line = Line
entry-origin-import = Import
entry-origin-notes = Noted on import
entry-origin-here = Entered here, not imported.
entry-versions = Versions
entry-version = Version { $version }
entry-version-shown = shown
entry-version-deletion = deleted
entry-differences = What changed
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
home-empty = This record is empty.
home-all = all
home-everything = Everything
home-allergies = Allergies
home-allergies-none = No allergy is written down. That does not mean there is none.
home-problems = Current problems
home-problems-none = No current problem is written down.
home-medications = Current medications
home-medications-none = No current medication is written down.
home-results = Latest results
home-results-none = No results yet.
home-vitals = Latest vital signs
home-vitals-none = No vital signs yet.

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
