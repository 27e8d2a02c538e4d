"""What first names are short for, and the small words of surnames.

A short name is never taken for a long one: it makes two names near, which is asked about.
"""

from __future__ import annotations

from rolecall.adopt.word_sets import word_set

__all__ = ["PARTICLES", "SHORT_NAMES"]

PARTICLES = word_set(
    """
    de del della delle dei degli di da das do dos du des la le las los van
    von der den ter ten te zu zum zur vom ni nic mac mc o ua ui y e i al
    el bin ibn af av st san santa t d l het op in
    """
)
"""Words of surnames that are often written with a small letter, and tell nobody from another."""

SHORT_NAMES = frozenset(
    frozenset((short, long))
    for line in sorted(
        word_set(
            """
        tom thomas|tommy thomas|jim james|jimmy james|jack john|johnny john|bob robert|bobby robert
        |rob robert|bert robert|bill william|billy william|will william|liam william|dick richard
        |rick richard|ted edward|ed edward|eddie edward|ned edward|harry henry|harry harold
        |hank henry|mick michael|mike michael|micky michael|tony anthony|tony antony|andy andrew
        |joe joseph|joey joseph|pat patrick|paddy patrick|pat patricia|trish patricia
        |tricia patricia|meg margaret|peg margaret|peggy margaret|maggie margaret|greta margaret
        |rita margaret|kate catherine|kate katherine|kathy catherine|kathy katherine
        |cathy catherine|kitty catherine|kit catherine|liz elizabeth|betty elizabeth|beth elizabeth
        |lisa elizabeth|eliza elizabeth|bess elizabeth|sue susan|susie susan|jenny jennifer
        |jen jennifer|becky rebecca|debbie deborah|deb deborah|barb barbara|babs barbara
        |nell eleanor|nora eleanor|nora honora|ellie eleanor|molly mary|mamie mary|polly mary
        |may mary|nancy anne|annie anne|ann anne|anna anne|sally sarah|sadie sarah|dave david
        |dan daniel|danny daniel|steve stephen|steve steven|phil philip|pete peter
        |chris christopher|kris christopher|chris christine|tina christine|christy christopher
        |matt matthew|nick nicholas|alex alexander|alex alexandra|sandy alexander|sandra alexandra
        |greg gregory|larry laurence|larry lawrence|fred frederick|freddie frederick|frank francis
        |fran frances|gerry gerard|gerry gerald|jerry gerald|jeff geoffrey|geoff geoffrey
        |ron ronald|don donald|tim timothy|sam samuel|sam samantha|ben benjamin|charlie charles
        |chuck charles|con cornelius|dermot diarmuid|sean john|siobhan joan|maura mary|maire mary
        |padraig patrick|seamus james|mairead margaret|hans johannes|hannes johannes|sepp josef
        |jupp josef|franz franziskus|fritz friedrich|heinz heinrich|heiner heinrich|willi wilhelm
        |karl karlheinz|uli ulrich|uli ulrike|rudi rudolf|gabi gabriele|moni monika|steffi stefanie
        |sabi sabine|andi andreas|klaus nikolaus|matze matthias|kathi katharina|lisi elisabeth
        |sissi elisabeth|resi theresia|toni anton|max maximilian|jeannot jean|nico nicolas
        |manu emmanuel|manu emmanuelle|fred frederic|seb sebastien|isa isabelle|caro caroline
        |steph stephane|steph stephanie|gus auguste|dede andre|jojo joseph|pepe jose|paco francisco
        |pancho francisco|nacho ignacio|lola dolores|charo rosario|concha concepcion|pili pilar
        |mari maria|manolo manuel|kike enrique|quique enrique|chema jose|lupe guadalupe|tere teresa
        |toni antonio|beto alberto|memo guillermo|chus jesus|isa isabel|merche mercedes
        |beppe giuseppe|peppe giuseppe|pino giuseppe|gigi luigi|nino antonio|sandro alessandro
        |franco francesco|lella raffaella|gianni giovanni|nanni giovanni|toto salvatore
        |enzo vincenzo|mimmo domenico|ze jose|chico francisco|tonio antonio|nando fernando
        |bia beatriz|tete teresa|lena helena|xico francisco|jan johannes|kees cornelis|piet pieter
        |henk hendrik|bas sebastiaan|toon antonius|sjaak jacobus|koos jacobus|jaap jacob|wim willem
        |gerrit gerard|hennie hendrik|trees theresia|annie anna|riet maria|kasia katarzyna
        |basia barbara|gosia malgorzata|ania anna|asia joanna|ela elzbieta|ewa ewelina|zosia zofia
        |magda magdalena|ola aleksandra|jurek jerzy|staszek stanislaw|kuba jakub|wojtek wojciech
        |tomek tomasz|krzysiek krzysztof|janek jan|bartek bartlomiej|maciek maciej
        |andrzejek andrzej|zbyszek zbigniew|jasiek jan|marysia maria|terenia teresa
        |wladek wladyslaw|mietek mieczyslaw
        """
        )
    )
    for short, long in [line.split()]
)
"""Pairs of a short name and a long one."""
