"""
English sentences about scheduling mean what people mean by them.
"""

from saying import expectations, said

SENTENCES = """
today | 03-11
can we talk today? | 03-11
tomorrow works for me | 03-12
the day after tomorrow please | 03-13
How about tomorrow morning? | 03-12 morning
tonight at 8 | 03-11 20:00
this afternoon | 03-11 afternoon
later today | 03-11
Monday | 03-16
on Friday | 03-13
Wednesday | 03-18
this Thursday | 03-12
next Monday | 03-16
next Wednesday | 03-18
coming Friday | 03-13
Friday week | 03-20
a week on Friday | 03-20
a week from tomorrow | 03-19
Tuesday next week | 03-17
next week Tuesday | 03-17
on Thursday of next week | 03-19
next week | 03-16..03-22
this week | 03-11..03-15
sometime this week would be good | 03-11..03-15
the week after next | 03-23..03-29
rest of the week | 03-11..03-15
later this week | 03-11..03-15
end of the week | 03-13..03-15
early next week | 03-16..03-18
this weekend | 03-14..03-15
next weekend | 03-21..03-22
in two weeks | 03-25
in a fortnight | 03-25
in 3 days | 03-14
ten days from now | 03-21
in a month | 04-11
a month from today | 04-11
in two business days | 03-13
in 5 working days | 03-18
two days after tomorrow | 03-14
the day after Easter | 04-06
next month | 04-01..04-30
end of next month | 04-24..04-30
end of March | 03-25..03-31
early April | 04-01..04-07
mid-April | 04-12..04-18
in May | 05-01..05-31
in May or June | 05-01..06-30
sometime in the first week of April | 03-30..04-05
the first Monday of April | 04-06
the second Tuesday in May | 05-12
the last Friday of the month | 03-27
last Friday in May | 05-29
the week of the 23rd | 03-23..03-29
the week of April 14th | 04-13..04-19
the week starting March 30 | 03-30..04-05
the 12th | 03-12
the 5th | 04-05
on the 14th at 3pm | 03-14 15:00
March 20 | 03-20
March 20th, 2026 | 03-20
20 March | 03-20
20th of March | 03-20
the 3rd of April at half past nine | 04-03 09:30
April third | 04-03
January 5 | 2027-01-05
Feb 29 | 2028-02-29
Friday the 13th | 03-13
Tuesday, April 7 | 04-07
Tues 7 Apr | 04-07
Monday the 30th | 03-30
the thirty-first of March | 03-31
March twenty-third | 03-23
2026-04-02 | 04-02
4/2 | 04-02
04/02/2026 | 04-02
14/4 | 04-14
14.4.2026 | 04-14
April 2 or 3 | 04-02..04-03
the 2nd or the 3rd of April | 04-02..04-03
April 2nd through April 5th | 04-02..04-05
from April 2 to 5 | 04-02..04-05
2-5 April | 04-02..04-05
between the 16th and the 18th | 03-16..03-18
Monday to Wednesday | 03-16..03-18
Mon-Wed | 03-16..03-18
Monday through Friday next week | 03-16..03-20
Tuesday or Thursday | 03-12,03-17
Tue or Thu next week | 03-17,03-19
Monday, Tuesday or Friday | 03-13,03-16..03-17
tomorrow or Friday | 03-12..03-13
Christmas Eve | 12-24
on Good Friday | 04-03
after the 20th | 03-21..03-27
before Friday | 03-11..03-12
by Friday | 03-11..03-13
until the 20th | 03-11..03-20
not before Monday | 03-16
from Monday on | 03-16
I can't meet until the 18th | 03-18
within two weeks | 03-11..03-25
within the next ten days | 03-12..03-21
in the next three days | 03-12..03-14
sometime in the next two weeks | 03-12..03-25
after next Tuesday | 03-18..03-24
not Monday | not Mon
anything but Monday | not Mon
any day next week except Friday | 03-16..03-19,03-21..03-22 not Fri flexible
next week but not Monday | 03-17..03-22 not Mon
next week, except Wednesday | 03-16..03-17,03-19..03-22 not Wed
I can't do Monday, how about Tuesday? | 03-17 not Mon
Monday doesn't work for me | not Mon
I'm busy on Thursday | not Thu
Thursday I'm away, Friday is fine | 03-13 not Thu
no Fridays please | not Fri
no mornings | not morning
anything but mornings | not morning
not in the evening | not evening
Tuesday but not in the morning | 03-17 not morning
I'm not available on the 14th | not 03-14
No, the 14th instead | 03-14
actually, make it Thursday | 03-12
not Tuesday, I meant Thursday | 03-12 not Tue
sorry, the 4th I'm busy, I meant March 5th | 2027-03-05 not 04-04
Tuesday at 3, no wait, Thursday at 4 | 03-12 16:00
let's move it from Monday to Thursday | 03-12
instead of Friday let's do Monday | 03-16 not Fri
3pm | 15:00
at 3 | 15:00
at 9 | 09:00
at 11:30 | 11:30
at 16:45 | 16:45
3:30 p.m. tomorrow | 03-12 15:30
tomorrow @ 4pm | 03-12 16:00
half past two | 14:30
quarter to five | 16:45
quarter past 10 | 10:15
at ten to four | 15:50
at noon on Friday | 03-13 12:00
Friday at midday | 03-13 12:00
at seven thirty in the evening | 19:30
8 in the morning | 08:00
seven o'clock | 19:00
around 10 | 10:00
after 3 | 15:00-
after 3pm on Monday | 03-16 15:00-
before noon | -12:00
before 10am tomorrow | 03-12 -10:00
not before 10 | 10:00-
Friday from 2 on | 03-13 14:00-
from 2 to 4 | 14:00-16:00
between 2 and 4 pm on Friday | 03-13 14:00-16:00
9-11am tomorrow | 03-12 09:00-11:00
from 11 to 1 on Monday | 03-16 11:00-13:00
10-12 on Monday | 03-16 10:00-12:00
Monday morning between 9 and 11 | 03-16 09:00-11:00
Friday 2pm or 3pm | 03-13 14:00 15:00
morning or evening | morning evening
Tuesday afternoon or Wednesday morning | 03-17..03-18 afternoon morning
evenings only | evening
early morning on Friday | 03-13 morning
in two hours | 03-11 12:00
half an hour from now | 03-11 10:30
for half an hour | 30min
a 45-minute call on Friday | 03-13 45min
an hour and a half next Tuesday | 03-17 90min
1.5 hours | 90min
2 hours tomorrow at 9 | 03-12 09:00 120min
a quarter of an hour | 15min
30 min | 30min
3pm London time | 15:00 Europe/London
tomorrow at 10am EST | 03-12 10:00 America/New_York
Friday 14:00 UTC | 03-13 14:00 Etc/UTC
9am Tokyo time on Thursday | 03-12 09:00 Asia/Tokyo
the second one | pick 2
the first option please | pick 1
option 3 | pick 3
number 2 | pick 2
the last one | pick -1
that one works | pick 0
anything later? | later
something earlier please | earlier
do you have any other times? | other
any time is fine | flexible
whenever you are free next week | 03-16..03-22 flexible
tomorow at 3pm | 03-12 15:00
wendesday afternoon | 03-18 afternoon
thrusday | 03-12
next teusday | 03-17
febuary 3rd | 2027-02-03
this satruday morning | 03-14 morning
tommorow aftenoon | 03-12 afternoon
MONDAY AT 3PM!!! | 03-16 15:00
  monday   at   3 pm   | 03-16 15:00
Hi! I'd like to book a 30 minute call next Tuesday afternoon | 03-17 afternoon 30min
Hello, are you free for an hour on Monday 23 March at 2? | 03-23 14:00 60min
A quick chat next week, preferably in the morning but not on Monday | 03-17..03-22 morning not Mon
Thursday or Friday after 4pm, Monday before 11 | 03-12..03-13,03-16 16:00- -11:00
next year in May | 2027-05-01..2027-05-31
May 3rd next year | 2027-05-03
this summer | 06-21..08-31
next spring | 03-20..05-31
in the summer | 06-21..08-31
Q2 | 04-01..06-30
the third quarter | 07-01..09-30
second quarter of 2027 | 2027-04-01..2027-06-30
the Friday before Christmas | 12-18
Monday after Easter | 04-06
the first two weeks of April | 03-30..04-12
between Christmas and New Year's | 12-25..2027-01-01
mid next week | 03-18..03-20
middle of next week | 03-18..03-20
towards the end of the month | 03-25..03-31
beginning of May | 05-01..05-07
first thing tomorrow | 03-12
first thing Monday morning | 03-16 morning
by end of day Friday | 03-11..03-13
end of day tomorrow | 03-12
sometime Thursday | 03-12
any time Thursday | 03-12 flexible
Thursday any time after 2 | 03-12 14:00- flexible
Thursday at 2ish | 03-12 14:00
at 3:15 or 3:45 on the 20th | 03-20 15:15 15:45
on the 20th or 21st | 03-20..03-21
the 20th, 21st or 22nd | 03-20..03-22
March 20, 21 or 22 | 03-20..03-22
Mar 20th-22nd | 03-20..03-22
20-22 March 2026 | 03-20..03-22
from March 30 through April 2 | 03-30..04-02
from the 30th of March to the 2nd of April | 03-30..04-02
Is Monday the 16th at 10 ok? | 03-16 10:00
What about Tuesday? | 03-17
Are there slots on 3/20? | 03-20
3/20/26 at 2:00 PM | 03-20 14:00
20 Mar 2026 14:00 | 03-20 14:00
2026-03-20T14:00 | 03-20 14:00
2026-03-20 14:00 | 03-20 14:00
Fri 20 Mar, 14:00-15:00 | 03-20 14:00-15:00
Friday 3-4pm | 03-13 15:00-16:00
Friday from 3 to 4:30 | 03-13 15:00-16:30
Friday at 10 or 11 | 03-13 10:00 11:00
I'm free Monday and Wednesday mornings | 03-16,03-18 morning
mornings work best | morning
preferably in the afternoon | afternoon
late afternoon | afternoon
I'd prefer evenings after 6 | 18:00-
lunchtime on Friday | 03-13 12:00
at lunch on Tuesday | 03-17 12:00
after lunch tomorrow | 03-12 13:00-
before lunch on Thursday | 03-12 -12:00
9 tonight | 03-11 21:00
8pm tonight | 03-11 20:00
tomorrow night | 03-12 evening
tomorrow night at 9 | 03-12 21:00
noon tomorrow | 03-12 12:00
midnight on Friday | 03-13 00:00
at 9 am sharp on Monday | 03-16 09:00
0930 on Monday | 03-16 09:30
at 0930 on Monday | 03-16 09:30
1500 hours tomorrow | 03-12 15:00
a week today | 03-18
two weeks on Monday | 03-30
two Mondays from now | 03-23
Monday in two weeks | 03-23
in a week or two | 03-18,03-25
in the next couple of days | 03-12..03-13
over the next few days | 03-12..03-14
in a couple of weeks | 03-25
within a week | 03-11..03-18
no later than Friday | 03-11..03-13
no earlier than Monday | 03-16
any time before the 20th | 03-11..03-19 flexible
Monday, not Tuesday | 03-16 not Tue
Monday instead of Tuesday | 03-16 not Tue
not this week, next week | 03-16..03-22 not 03-09..03-15
I can't this week | not 03-09..03-15
this week is no good, maybe next Tuesday | 03-17 not 03-09..03-15
Wednesdays never work | not Wed
except Mondays and Fridays | not Mon not Fri
I'd rather not do mornings | not morning
mornings are bad for me | not morning
only in the morning | morning
Can we reschedule to Thursday at 11? | 03-12 11:00
could we move our call to tomorrow at 4 | 03-12 16:00
cancel my meeting on Friday | 03-13
45 min | 45min
can I have an hour? | 60min
30-minute meeting | 30min
a one hour call | 60min
two and a half hours | 150min
half hour chat | 30min
1h | 60min
90 minutes on Monday at 1pm | 03-16 13:00 90min
the 3pm slot | 15:00
the first one | pick 1
first | pick 1
the second | pick 2
the third one please | pick 3
I'll take the last one | pick -1
the earlier one | earlier
nothing earlier? | earlier
is there anything sooner? | earlier
anything on another day? | other
later in the day please | later
10am my time | 10:00
4pm Berlin time on Monday | 03-16 16:00 Europe/Berlin
at 9:00 PST tomorrow | 03-12 09:00 America/Los_Angeles
3 PM ET Friday | 03-13 15:00 America/New_York
15:00 CET | 15:00 Europe/Paris
15:00 GMT | 15:00 Etc/UTC
tuesday 17 march 2026 at 10:00 | 03-17 10:00
the seventeenth | 03-17
on the third of April | 04-03
Jan. 5th | 2027-01-05
Sept 3 | 09-03
4th July | 07-04
the 4th of July | 07-04
day after tomorrow at five | 03-13 17:00
tmrw 3pm | 03-12 15:00
2moro | 03-12
nxt week | 03-16..03-22
next wk thurs | 03-19
weds at 2 | 03-18 14:00
fri arvo | 03-13 afternoon
1h | 60min
next March | 03-11..03-31
May next year | 2027-05-01..2027-05-31
14./15.4. | 04-14..04-15
this year | 03-11..12-31
this quarter | 03-11..03-31
next fortnight | 03-23..04-05
the next day | 03-12
Mother's Day | 05-10
Memorial Day | 05-25
Thanksgiving 2027 | 2027-11-25
Easter 2027 | 2027-03-28
Christmas 2027 | 2027-12-25
the last day of April | 04-30
the third day of April | 04-03
the last month of the year | 12-01..12-31
the third month of 2027 | 2027-03-01..2027-03-31
the second weekend in April | 04-11..04-12
last weekend of May | 05-30..05-31
the weekend of April 4th | 04-04..04-05
the fifth Monday of April | 04-01..04-30
a week after April 3rd | 04-10
two weeks before April 20th | 04-06
the week before Easter | 03-29
the second Monday after Easter | 04-13
Monday for two days | 03-16
from the 16th to Wednesday the 18th | 03-16..03-18
from Friday to Tuesday | 03-13..03-17
from the 30th to the 2nd | 03-30..04-02
from December 2026 to February | 12-01..2027-02-28
from February to April | 03-11..04-30
from the 2nd to the 5th of next month | 04-02..04-05
between the 2nd and the 5th of next month | 04-02..04-05
4/2 to 4/5, 2027 | 2027-04-02..2027-04-05
first half of April | 04-01..04-15
second half of April | 04-16..04-30
eom | 03-31
not after Friday | 03-11..03-13
I can't do anything after Friday | 03-11..03-13
after the 20th, Monday would be great | 03-23
after the 20th on the 14th | 04-14
change it from 3pm to 4pm | 16:00
five past three | 15:05
between 8 and 10 in the morning | 08:00-10:00
not before 10am | 10:00-
I can't do before 10 | 10:00-
until 4 pm | -16:00
since Monday | 03-16
twenty-first of March | 03-21
twenty three minutes | 23min
the year 2027 | 2027-01-01..2027-12-31
April '27 | 2027-04-01..2027-04-30
week 14 | 03-30..04-05
mornings next week except Tuesday | 03-16,03-18..03-22 morning not Tue
Mon 16th | 03-16
Monday the 17th | 08-17
June 31 | 06-30
3 Fridays from now | 03-27
the 20th but not in the morning | 03-20 not morning
today, March 12th at half past 5 in the evening | 03-12 17:30
on the 17 between 2 and 4pm | 03-17 14:00-16:00
Monday 9am to Wednesday 5pm | 03-16..03-18 09:00
from April 2 to April 5, 2027 | 2027-04-02..2027-04-05
2 - 15 | 2027-02-15
the first week of next month | 03-30..04-05
the third week of the month | 03-16..03-22
"""

NOTHING = """
I may come
may I ask something?
march on
the sun is out
I sat down and wed my partner
wait a second
the second time it failed
first of all, thanks
I have two children and 3 dogs
my phone number is 555-123-4567
call me on +49 170 1234567
it costs $25 or 20 euros
we are open 24/7
version 2.5 is out
room 101, floor 3
a 50% discount
what is 7 times 8
who are you?
thanks, you are the best
I love the fall
there are 12 of us
at least 2 people
he is 30 years old
my email is june@example.com
order #4711
see https://example.com/2026/03/12
how do I cancel?
mon ami
the date of birth is required
a minute ago
the sun rises in the east
I may or may not come
second thoughts
march of the penguins
what is the weather like
how long does it take
who won the game last night
tell me a joke
I was born in 1985
the deadline was last week
my 21st birthday
I live on 5th avenue
chapter 3 verse 16
it is 5 km away
4 out of 5 dentists
last May
in the last week
the last two weeks
3 days ago
two weeks ago on Monday
at 1234 High Street
"""


def test_sentences_say_what_people_mean() -> None:
    """
    Each sentence gives the days, times and other wishes beside it.
    """
    expected = expectations(SENTENCES)

    assert expected == {text: said(text) for text in expected}


def test_words_that_only_look_like_dates_say_nothing() -> None:
    """
    Months, weekdays and numbers that mean something else bring neither a date nor a time.
    """
    heard = {text: said(text) for text in NOTHING.strip().splitlines()}

    assert {} == {text: what for text, what in heard.items() if what}
